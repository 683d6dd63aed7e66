-- What a balancer of layer 4 forwards, and what its kernel counts. Who may serve is decided as for requests (candidates.lua); here it
-- becomes the table that a program of root's (infra/runtime/director) brings to the kernel's IPVS, and says back what is there.

local cjson = require("cjson.safe")
local members = require("hotspare.members")
local candidates = require("hotspare.candidates")
local state = require("hotspare.state")
local view_of = require("hotspare.view").get

local M = {}

local dict = ngx.shared.hotspare_flight

-- Seconds after which open connections of a member that is lost are given up: the kernel answers them with a reset. Until then it may
-- have been a pause, and they go on. Another number where the configuration says so: of balancers, which answer 503 only while they
-- leave in order (leaving.lua). These finish what is under way, for as long as a drain may take.
M.given_up_after = 5

local function given_up_after(id)
  local options = require("hotspare").options
  if not options.given_up then
    return M.given_up_after
  end
  return state.declines(id) and options.drain or options.given_up
end

-- Whether a member is in the table. With weight 0 it keeps what it has and gets nothing new.
local function is_there(member, rotation)
  if rotation[member.key] then
    return true
  end
  if member.role == "cold" or member.desired_role == "cold" and not state.healthy(member.id) then
    return false
  end
  if state.healthy(member.id) == false then
    local change = state.last_change(member.id)
    return change ~= nil and ngx.now() - change.at < given_up_after(member.id)
  end
  return true
end

-- Members in the document's order, which is that of every director: `mh` and `sh` fill their tables by it. Forwarding changes no port, so
-- theirs is the service's; a member's own is where it is checked.
local function destinations(pool, port)
  local rotation = candidates.in_rotation(view_of(pool.name).groups)
  local list = setmetatable({}, cjson.array_mt)
  for _, member in ipairs(pool.members) do
    if is_there(member, rotation) then
      local weight = rotation[member.key] and member.weight or 0
      list[#list + 1] = { key = member.key, address = member.address, port = port, weight = weight }
    end
  end
  return list
end

-- Changes with the members, with anybody's health, and when somebody is given up.
function M.version()
  local _, document = members.current()
  return document .. "." .. state.version()
end

-- "address:port" of members that are lost for good: their connections are ended.
local function given_up(pools)
  local list = setmetatable({}, cjson.array_mt)
  for _, service in ipairs(members.services()) do
    local pool = pools[service.pool]
    local served = pool and not pool.gone
    local rotation = served and candidates.in_rotation(view_of(service.pool).groups)
    for _, member in ipairs(served and pool.members or {}) do
      if member.role ~= "cold" and not is_there(member, rotation) then
        list[#list + 1] = member.address .. ":" .. service.port
      end
    end
  end
  return list
end

-- The table as it should be.
function M.wanted()
  local pools = members.current()
  local options = require("hotspare").options
  local list = setmetatable({}, cjson.array_mt)
  for _, service in ipairs(members.services()) do
    local pool = pools[service.pool]
    if pool and not pool.gone then
      list[#list + 1] = {
        protocol = service.protocol, port = service.port, pool = service.pool, scheduler = service.scheduler,
        flags = service.flags, persistence = service.persistence, destinations = destinations(pool, service.port),
      }
    end
  end
  return {
    version = M.version(), address = options.virtual_address, services = list, givenUp = given_up(pools),
    drain = options.drain, sync = options.sync,
  }
end

-- What the kernel has, as it was told last: {kernel, services = {{protocol, port, scheduler, destinations = {…}}}}; nil before.
function M.seen()
  local text = dict:get("table")
  return text and cjson.decode(text) or nil
end

function M.see(text)
  local decoded = cjson.decode(text)
  if type(decoded) ~= "table" or type(decoded.services) ~= "table" then
    return nil, "must be {kernel, services}"
  end
  dict:set("table", text)
  return true
end

-- Open connections and all that there were, by the member's address, over all services.
function M.counted()
  local open, all = {}, {}
  for _, service in ipairs((M.seen() or { services = {} }).services) do
    for _, one in ipairs(service.destinations or {}) do
      local where = one.address
      open[where] = (open[where] or 0) + (one.active or 0)
      all[where] = (all[where] or 0) + (one.connections or 0)
    end
  end
  return open, all
end

return M
