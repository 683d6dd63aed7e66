-- How long one try waits for its node: learned for each route from the times until answers begin, and from the pauses within
-- them, since nginx has one time-out for both.
--
-- Each worker counts in its own tables and adds them once a second to what all know (hotspare_learned), which outlives a
-- reload. A normal request costs no look-up in shared memory. What is old counts less and less: all counts are halved when
-- there are ten thousand, and not more than once a minute.

local peers = require("ngx.balancer")
local buckets = require("hotspare.buckets")
local learned = require("hotspare.learned")
local listed = require("hotspare.listed")
local requests = require("hotspare.requests")
local routes = require("hotspare.routes")
local state = require("hotspare.state")

local M = {}

local dict = ngx.shared.hotspare_learned
local many, half_life = 10000, 60
-- From so many seconds on a time is counted as what it is.
local slow = buckets.upper(learned.first_slow - 1)

-- What this worker knows of each route that learns, by name.
local own = {}

local function own_of(name)
  local mine = own[name]
  if not mine then
    mine = { seen = 0, slow = {}, keys = { seen = "seen:" .. name, slow = "slow:" .. name, halved = "halved:" .. name } }
    for bucket = learned.first_slow, buckets.last do
      mine.keys[bucket] = bucket .. ":" .. name
    end
    own[name] = mine
  end
  return mine
end

local function count(mine, seconds, weight)
  if seconds > slow then
    local bucket = math.max(buckets.of(seconds), learned.first_slow)
    mine.slow[bucket] = (mine.slow[bucket] or 0) + weight
  end
end

-- A try begins.
function M.begin(request, last)
  local route = request.route
  if not route.learned then
    return
  end
  local mine = request.learns
  if not mine then
    mine = own_of(request.route_name)
    request.learns = mine
  end
  -- Once it was sent, nginx asks nobody else.
  if not last and not route.repeats then
    local method = ngx.req.get_method()
    last = method == "POST" or method == "PATCH" or method == "LOCK"
  end
  local seconds = learned.of_try(mine.patience, last, route.read)
  request.waits = seconds
  peers.set_timeouts(nil, seconds, seconds)
end

-- An answer begins. nginx's own say nothing of the route, nor do errors, which are quick or slow for reasons of their own.
function M.answered(request)
  local mine = request.learns
  if not mine or request.touched or ngx.status < 200 then
    return
  end
  local now = ngx.now()
  request.answered, request.touched, request.pause = now, now, 0
  if request.member and ngx.status < 500 then
    mine.seen = mine.seen + 1
    count(mine, now - request.asked, 1)
  end
end

-- Called for each piece of an answer's body.
function M.touched()
  local request = requests.get()
  if request and request.touched then
    local now = ngx.now()
    local pause = now - request.touched
    if pause > request.pause then
      request.pause = pause
    end
    request.touched = now
  end
end

-- What was cut off counts as long as it has waited, and so much that it is heard: the next one is given three times as much, and
-- as much as if nothing were known.
local function cut(mine, seconds)
  local known = (dict:get(mine.keys.seen) or 0) + mine.seen
  count(mine, math.max(seconds, learned.unknown / learned.factor), math.ceil(known / 100))
end

-- The body of an answer came with a pause. Where the client was the slow one, the node had ended long before. What lasted as long
-- as the time-out was cut off by it.
local function paused(mine, request, pause)
  local took = tonumber(listed(ngx.var.upstream_response_time, 0)) or 0
  local header = tonumber(listed(ngx.var.upstream_header_time, 0)) or 0
  pause = math.min(pause, took - header)
  if pause >= request.waits - 0.01 then
    cut(mine, pause)
  else
    count(mine, pause, 1)
  end
end

-- The request has ended; `silent`: by its node's silence.
function M.ended(request, silent)
  local mine = request.learns
  if not mine then
    return
  end
  local now = ngx.now()
  if silent then
    -- Others had answers there meanwhile, so it is the request that takes longer.
    if not state.mark_of(request.member.id) then
      cut(mine, now - request.asked)
    end
  elseif request.touched and now - request.answered > slow then
    paused(mine, request, math.max(request.pause, now - request.touched))
  end
end

local function slow_of(mine)
  local counts = {}
  for bucket = learned.first_slow, buckets.last do
    counts[bucket] = dict:get(mine.keys[bucket])
  end
  return counts
end

local function halve(mine)
  local total = 0
  for bucket = learned.first_slow, buckets.last do
    local counted = dict:get(mine.keys[bucket])
    if counted then
      total = total + math.floor(counted / 2)
      dict:set(mine.keys[bucket], math.floor(counted / 2))
    end
  end
  dict:set(mine.keys.slow, total)
  dict:set(mine.keys.seen, math.floor((dict:get(mine.keys.seen) or 0) / 2))
end

-- Adds what this worker has counted, and learns what all have.
local function exchange(mine)
  local keys = mine.keys
  if mine.seen > 0 then
    local seen = dict:incr(keys.seen, mine.seen, 0)
    mine.seen = 0
    if seen and seen >= many and dict:add(keys.halved, true, half_life) then
      halve(mine)
    end
  end
  for bucket, counted in pairs(mine.slow) do
    dict:incr(keys[bucket], counted, 0)
    dict:incr(keys.slow, counted, 0)
    mine.slow[bucket] = nil
  end
  local seen = dict:get(keys.seen) or 0
  -- As a rule nothing is slow, and no bucket has to be looked at.
  mine.patience = learned.patience(seen, (dict:get(keys.slow) or 0) > 0 and slow_of(mine) or {})
end

local function exchange_all()
  for name, route in pairs(routes.all) do
    if route.learned then
      exchange(own_of(name))
    end
  end
end

-- In each worker. At its end nginx calls the timer once more, so nothing that was counted is lost.
function M.start()
  exchange_all()
  ngx.timer.every(1, exchange_all)
end

-- What is counted of each route, for a peer: {seen, slow}, the latter by bucket.
function M.learned()
  local told = {}
  for name, route in pairs(routes.all) do
    if route.learned then
      local mine, slow_ones = own_of(name), {}
      for bucket, counted in pairs(slow_of(mine)) do
        slow_ones[tostring(bucket)] = counted
      end
      told[name] = { seen = dict:get(mine.keys.seen) or 0, slow = slow_ones }
    end
  end
  return told
end

local function whole(value)
  return type(value) == "number" and value >= 0 and value <= 1e9 and value % 1 == 0 and value or nil
end

-- Takes what a peer has learned in place of what is known here, where that is enough or at least as much. What isn't in the right form is
-- left out.
function M.take(told)
  for name, route in pairs(routes.all) do
    local one = route.learned and told[name]
    local seen = type(one) == "table" and type(one.slow) == "table" and whole(one.seen)
    local keys = own_of(name).keys
    if seen and (seen >= learned.enough or seen >= (dict:get(keys.seen) or 0)) then
      local total = 0
      for bucket = learned.first_slow, buckets.last do
        local counted = whole(one.slow[tostring(bucket)])
        if counted then
          total = total + counted
          dict:set(keys[bucket], counted)
        else
          dict:delete(keys[bucket])
        end
      end
      dict:set(keys.slow, total)
      dict:set(keys.seen, seen)
    end
  end
end

-- By route: patience of a try in seconds, whether it was learned (or is fixed, or nothing is known yet), and by how many answers.
function M.status()
  local told = {}
  for name, route in pairs(routes.all) do
    local entry = { patience = route.read, from = "fixed", answers = 0 }
    if route.learned then
      local mine = own_of(name)
      exchange(mine)
      entry = {
        patience = learned.of_try(mine.patience, false, route.read), from = mine.patience and "learned" or "nothing yet",
        answers = dict:get(mine.keys.seen) or 0,
      }
    end
    told[name] = entry
  end
  return told
end

return M
