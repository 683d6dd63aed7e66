-- How many requests of a pool may be asked of another node: pure, of one worker, driven by a clock that is passed in.
--
-- Retries are at most a share of the requests of the last ten seconds, so that a pool whose nodes all fail gets a fifth more
-- work and not three times as much (as in Envoy and Finagle); a few are always free, for pools with few requests.
--
-- Whether a try may be followed by another is settled when it begins, so a retry is promised first and made later or never.
-- What is promised counts as made until then: a thousand requests that fail at the same moment must not all have been
-- promised the same one. Most promises are given back, so while there is room for what was really made a retry may be lent:
-- who has it asks again only if that costs nobody's work twice (tries.lua).

local M = {}

-- Seconds that count.
M.window = 10
-- Retries that are always free within them.
M.free = 5

local Budget = {}
Budget.__index = Budget

-- share: retries for each request. free: left out, M.free.
function M.new(share, free)
  local budget = { share = share, free = free or M.free, second = 0, asked = 0, again = 0, promised = 0 }
  budget.asked_in, budget.again_in = {}, {}
  for slot = 0, M.window - 1 do
    budget.asked_in[slot], budget.again_in[slot] = 0, 0
  end
  return setmetatable(budget, Budget)
end

-- Forgets the seconds that are over, and returns the slot of this one. A clock that was set back forgets all.
local function forward(budget, now)
  local second = math.floor(now)
  local passed = second - budget.second
  if passed ~= 0 then
    if passed < 0 or passed > M.window then
      passed = M.window
    end
    for back = 0, passed - 1 do
      local slot = (second - back) % M.window
      budget.asked = budget.asked - budget.asked_in[slot]
      budget.again = budget.again - budget.again_in[slot]
      budget.asked_in[slot], budget.again_in[slot] = 0, 0
    end
    budget.second = second
  end
  return second % M.window
end

-- A request begins.
function Budget:ask(now)
  local slot = forward(self, now)
  self.asked_in[slot] = self.asked_in[slot] + 1
  self.asked = self.asked + 1
end

-- Whether there is room for one more beside so many.
local function room(budget, taken)
  return taken + 1 <= math.max(budget.free, budget.share * budget.asked)
end

-- Whether one more retry may be made, should it be needed; then it is held until it is made or given back.
function Budget:promise(now)
  forward(self, now)
  if not room(self, self.again + self.promised) then
    return false
  end
  self.promised = self.promised + 1
  return true
end

-- Whether there would be room if nobody needed what is promised.
function Budget:lends(now)
  forward(self, now)
  return room(self, self.again)
end

-- The promised retry is made.
function Budget:keep(now)
  self.promised = self.promised - 1
  self:spend(now)
end

-- A retry is made that was not promised.
function Budget:spend(now)
  local slot = forward(self, now)
  self.again_in[slot] = self.again_in[slot] + 1
  self.again = self.again + 1
end

-- It isn't needed.
function Budget:give_back()
  self.promised = self.promised - 1
end

return M
