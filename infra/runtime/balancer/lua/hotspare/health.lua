-- Active checks, from worker 0 only. Every member has its own light thread and its own time limit, so that a frozen
-- member delays nobody's check. Old workers stop at a reload: nginx ends their timers.

local awareness = require("hotspare.awareness")
local check = require("hotspare.check")
local lateness = require("hotspare.lateness")
local members = require("hotspare.members")
local state = require("hotspare.state")
local streak = require("hotspare.streak")

local M = {}

local streaks, busy, chains, voids = {}, {}, {}, {}
-- Milliseconds that a member that has never passed a check may fail them: it is starting. Until then it is not lost (so
-- that no standby is put in for a node that an `up` is just making), nor is it asked while somebody is well.
local start_period = 5000

-- Whether a failed check says nothing of the member, because this worker slept through the answer.
local function is_void(id, silent, overran)
  if not silent or not awareness.void(overran, voids[id] or 0) then
    return false
  end
  voids[id] = (voids[id] or 0) + 1
  return true
end

-- Tells this worker's judgement of itself. Members that are known to be ill say nothing of it, whatever their checks meet.
local function note_of_self(id, known, passed, silent, health)
  local counts = passed or known
  lateness.noted(id, counts and silent, counts and 2 * (health.intervalMs + health.timeoutMs) / 1000 or 0)
end

local function check_and_note(member, health)
  local id = member.id
  local done, passed, why, overran = pcall(check.run, member, health, lateness.timeout(health.timeoutMs))
  busy[id] = nil
  if not done then
    ngx.log(ngx.ERR, "check of ", id, ": ", passed)
    return
  elseif passed == nil then
    return
  end
  local known = state.healthy(id)
  local silent = not passed and awareness.is_silence(why)
  note_of_self(id, known, passed, silent, health)
  if is_void(id, silent, overran) then
    return
  end
  state.set_declines(id, why == "HTTP 503")
  voids[id] = not passed and voids[id] or nil
  local fall = silent and lateness.fall(health.fall) or health.fall
  local now, count = streak.next(known, streaks[id] or 0, passed, fall, health.rise,
    math.ceil(start_period / health.intervalMs))
  streaks[id] = count
  if now ~= known then
    local reason = (passed and "check passed: " or "check failed: ") .. tostring(why)
    state.set_healthy(id, now, reason)
    ngx.log(now and ngx.NOTICE or ngx.WARN, "member ", id, now and " is well: " or " is not well: ", reason)
  end
end

-- One round of a pool: plans the next first, so that a slow round delays nothing, then checks all at once.
local function round(premature, name)
  if premature or ngx.worker.exiting() then
    return
  end
  local pool = members.current()[name]
  if not pool or pool.gone then
    chains[name] = nil
    return
  end
  ngx.timer.at(pool.health.intervalMs / 1000, round, name)
  for _, member in ipairs(pool.members) do
    if member.role == "cold" then
      -- What was known of it is from a time when it was promoted.
      state.forget(member.id)
      streaks[member.id] = nil
    elseif not busy[member.id] then
      busy[member.id] = true
      ngx.thread.spawn(check_and_note, member, pool.health)
    end
  end
end

-- Starts the rounds of pools that are new; stopped ones end by themselves.
local function supervise(premature)
  if premature or ngx.worker.exiting() then
    return
  end
  for name, pool in pairs(members.current()) do
    if not chains[name] and not pool.gone then
      chains[name] = true
      ngx.timer.at(0, round, name)
    end
  end
end

function M.start()
  if ngx.worker.id() ~= 0 then
    return
  end
  ngx.timer.at(0, supervise)
  ngx.timer.every(0.2, supervise)
end

return M
