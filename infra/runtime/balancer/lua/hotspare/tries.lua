-- Counts the tries of a request and settles whether another may follow. Never more than the route's `tries`, and nobody twice.
--
-- It is settled as each try begins, since nginx throws a node's 503 away before it asks for the next one: of a try that may
-- not be followed it passes the node's own answer on.
--
-- Of a node that dies the requests under way all break at once, and with pages that take long those are more than the budget of
-- their pool. Their work is gone with the node, so to do it again is no more work than there was: a retry is lent to each, for a
-- connection that breaks. An answer or silence is no reason to use what is lent; then the balancer answers for the node.

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

local function again(request, spend)
  spend(request.budget, ngx.now())
  state.count("retries", request.pool)
end

-- Whether what was lent for the try that failed may be used.
local function use_lent(request, broken)
  request.lent = false
  if broken then
    again(request, request.budget.spend)
  elseif request.budget:promise(ngx.now()) then
    again(request, request.budget.keep)
  else
    return false
  end
  request.unfunded = false
  return true
end

-- Counts the try that begins, and returns whether the one that failed was made on a connection that had served before. When such
-- a one breaks, nginx gives the try back, and would go on for as long as it finds them.
--
-- broken: whether the connection broke, or none could be made. status: what the client gets if nobody else may be asked.
function M.next(request, broken, status)
  local most = request.route.tries
  request.try = request.try + 1
  request.again = false
  if request.promised or request.lent then
    if request.promised then
      request.promised = false
      again(request, request.budget.keep)
    elseif not use_lent(request, broken) then
      request.may, request.status = false, status
    end
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
    again(request, request.budget.keep)
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
  request.unfunded = false
  -- A try that begins in time may be followed, however long it takes: a node is left only when its time is over.
  if request.try < math.min(route.tries, request.members) and now - request.begun <= route.retry_for and somebody(view, request) then
    request.promised = request.budget:promise(now)
    request.unfunded = not request.promised
    request.lent = request.unfunded and request.budget:lends(now)
  end
  local wanted = (request.promised or request.lent) and 2 or 1
  -- Also where nothing changes: next() has asked for some.
  peers.set_more_tries(wanted - request.left)
end

-- The request has ended, with a failure of its last try or without.
function M.done(request, failed)
  if request.promised then
    request.promised = false
    request.budget:give_back()
  elseif request.unfunded and failed then
    state.count("refused", request.pool)
  end
end

-- Of a pool: how many retries were made, and how many failures were passed on because there had been too many.
function M.of(pool)
  return { made = state.counted("retries", pool), refused = state.counted("refused", pool) }
end

return M
