-- Counts the tries of a request and settles whether another may follow. Never more than the route's `tries`, and nobody twice.
--
-- It is settled as each try begins, since nginx throws a node's 503 away before it asks for the next one: of a try that may
-- not be followed it passes the node's own answer on.

local peers = require("ngx.balancer")
local budget = require("hotspare.budget")
local state = require("hotspare.state")

local M = {}

-- Retries for each request by pool, as nginx.conf tells.
M.shares = {}

-- Of this worker, by pool: what it gives, no crash and no reload can leave promised.
local budgets = {}

local function budget_of(pool)
  local own = budgets[pool]
  if not own then
    own = budget.new(M.shares[pool] or 0, math.ceil(budget.free / ngx.worker.count()))
    budgets[pool] = own
  end
  return own
end

-- A request begins, of a pool in which so many can be asked.
function M.begin(request, pool, members)
  request.try, request.may, request.members = 1, true, members
  request.budget = budget_of(pool)
  request.budget:ask(request.begun)
  -- As many as nginx would make by itself.
  request.left = 1
end

local function again(request)
  request.budget:keep(ngx.now())
  state.count("retries", request.pool)
end

-- Counts the try that begins, and returns whether the one that failed was made on a connection that had served before. When such
-- a one breaks, nginx gives the try back, and would go on for as long as it finds them.
function M.next(request)
  local most = request.route.tries
  request.try = request.try + 1
  request.again = false
  if request.promised then
    request.promised = false
    again(request)
    -- Asked for as many tries as just fit if none was given back, nginx says "reduced" when one was.
    local _, reduced = peers.set_more_tries(most - request.try)
    request.left = reduced and 2 or 1
    return reduced ~= nil
  end
  -- Asked all the same, so it was given back. In a pool of one the member itself is asked once more.
  request.left = 1
  request.may = request.members == 1 and request.try == 2 and most > 1 and request.budget:promise(ngx.now())
  request.again = request.may
  if request.may then
    again(request)
  end
  return true
end

-- Whether there is anybody left whom no request has found wanting a moment ago: to ask more of those makes it worse.
local function somebody(view, request)
  for _, member in ipairs(view.willing) do
    if member ~= request.member and not request.tried[member.key] then
      return true
    end
  end
  return false
end

-- Called as each try begins, with its member chosen: sets nginx's count so that another follows or not.
function M.settle(request, view)
  local route, now = request.route, ngx.now()
  request.refused = false
  -- A try that begins in time may be followed, however long it takes: a node is left only when its time is over.
  if request.try < math.min(route.tries, request.members) and now - request.begun <= route.retry_for and somebody(view, request) then
    request.promised = request.budget:promise(now)
    request.refused = not request.promised
  end
  local wanted = request.promised and 2 or 1
  -- Also where nothing changes: next() has asked for some.
  peers.set_more_tries(wanted - request.left)
end

-- The request has ended, with a failure of its last try or without.
function M.done(request, failed)
  if request.promised then
    request.promised = false
    request.budget:give_back()
  elseif request.refused and failed then
    state.count("refused", request.pool)
  end
end

-- Of a pool: how many retries were made, and how many failures were passed on because there had been too many.
function M.of(pool)
  return { made = state.counted("retries", pool), refused = state.counted("refused", pool) }
end

return M
