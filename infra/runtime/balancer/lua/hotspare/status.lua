-- What a balancer tells of itself: the documents behind GET /status and GET /health.

local cjson = require("cjson.safe")
local addresses = require("hotspare.addresses")
local answers = require("hotspare.answers")
local candidates = require("hotspare.candidates")
local director = require("hotspare.director")
local flight = require("hotspare.flight")
local lateness = require("hotspare.lateness")
local members = require("hotspare.members")
local patience = require("hotspare.patience")
local state = require("hotspare.state")
local tries = require("hotspare.tries")
local view_of = require("hotspare.view").get

local M = {}

local function read(path)
  local handle = io.open(path, "r")
  local text = handle and handle:read("*a") or nil
  if handle then
    handle:close()
  end
  return text
end

-- Of a balancer of layer 4, whose kernel counts connections.
local function connections_of(member)
  local open, all = director.counted()
  return open[member.address] or 0, all[member.address] or 0
end

local function member_status(member, rotation, in_flight)
  local open, all = 0, 0
  if #members.services() > 0 then
    open, all = connections_of(member)
  end
  local change = state.last_change(member.id)
  local healthy = state.healthy(member.id)
  return {
    key = member.key, address = member.address, port = member.port, role = member.role, weight = member.weight,
    desiredRole = member.desired_role, out = member.out, drained = member.drained,
    healthy = healthy == nil and cjson.null or healthy,
    mark = state.mark_of(member.id) or cjson.null,
    proven = state.proven(member.id),
    inRotation = rotation[member.key] == true,
    inFlight = math.max(0, in_flight[member.id] or 0) + open,
    requests = state.counted("requests", member.id) + all,
    failures = state.counted("failures", member.id),
    errors = state.counted("errors", member.id),
    lastChange = change or cjson.null,
  }
end

local groups_in_words = { "active", "doubted", "hot", "unchecked", "all" }

local function pool_status(pool, in_flight)
  local rotation, group = candidates.in_rotation(view_of(pool.name).groups)
  local list = setmetatable({}, cjson.array_mt)
  for i, member in ipairs(pool.members) do
    list[i] = member_status(member, rotation, in_flight)
  end
  return {
    algorithm = pool.kind, servedBy = groups_in_words[group] or cjson.null, members = list,
    answers = answers.of(pool.name), retries = tries.of(pool.name),
  }
end

-- Requests still under way at members that have left the document, and 0 for those whose sessions still come: who removes a
-- machine waits until it is gone from here.
local function draining(in_flight)
  local left = {}
  for id, count in pairs(in_flight) do
    left[id] = count > 0 and count or nil
  end
  for _, pool in pairs(members.current()) do
    for _, member in ipairs(pool.gone and {} or pool.members) do
      left[member.id] = nil
    end
    for _, member in pairs(pool.homes or {}) do
      if member.left and state.has_sessions(member.id) then
        left[member.id] = left[member.id] or 0
      end
    end
  end
  return left
end

-- The same for connections that a kernel forwards: by address, as it knows no members.
local function draining_connections(left)
  local open = director.counted()
  for _, pool in pairs(members.current()) do
    for _, member in ipairs(pool.gone and {} or pool.members) do
      open[member.address] = nil
    end
  end
  for where, count in pairs(open) do
    left[where] = count > 0 and count or nil
  end
  return left
end

function M.status()
  local hotspare = require("hotspare")
  local options = hotspare.options
  local in_flight = flight.all()
  local pools = {}
  for name, pool in pairs(members.current()) do
    if not pool.gone then
      pools[name] = pool_status(pool, in_flight)
    end
  end
  local now = ngx.now()
  local workers = setmetatable({}, cjson.array_mt)
  for id = 0, ngx.worker.count() - 1 do
    local started = ngx.shared.hotspare_flight:get("started:" .. id)
    local uptime = started and math.floor((now - started) * 1000) / 1000 or cjson.null
    workers[id + 1] = { id = id, uptime = uptime, lateness = lateness.of(id) }
  end
  return {
    cluster = options.cluster, balancer = options.balancer, revision = members.revision(), now = now,
    generation = hotspare.generation, loadedAt = hotspare.loaded_at, workers = workers,
    vrrp = cjson.decode(read(options.vrrp) or "null") or cjson.null,
    overlay = members.laid().overlay, operator = members.laid().operator, lease = members.lease() or cjson.null,
    draining = draining_connections(draining(in_flight)), ipvs = director.seen() or nil, virtualAddress = options.virtual_address,
    holdsVirtualAddress = addresses.holds(options.virtual_address), pools = pools,
    routes = patience.status(),
  }
end

-- Health of the cluster as this balancer sees it, in the form of draft-inadarei-api-health-check: `pass` when every pool
-- is served by its active members and all of them are well, `warn` when somebody is missing, `fail` when a pool has
-- nobody that is well.
function M.health()
  local status = M.status()
  local worst, rank = "pass", { pass = 1, warn = 2, fail = 3 }
  local checks = {}
  for name, pool in pairs(status.pools) do
    local well, all = 0, 0
    for _, member in ipairs(pool.members) do
      if member.role ~= "cold" then
        all = all + 1
        if member.healthy == true and member.mark ~= "lost" then
          well = well + 1
        end
      end
    end
    local verdict = well == 0 and "fail" or (well < all and "warn" or "pass")
    if rank[verdict] > rank[worst] then
      worst = verdict
    end
    local entry = { status = verdict, observedValue = well, observedUnit = "members", expected = all, servedBy = pool.servedBy }
    checks["pool:" .. name] = setmetatable({ entry }, cjson.array_mt)
  end
  return {
    status = worst, serviceId = status.balancer, releaseId = status.revision, checks = checks,
    holdsVirtualAddress = status.holdsVirtualAddress,
  }
end

return M
