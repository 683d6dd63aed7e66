-- The members document and what lies on it, the overlay and the operator's document: on disk, in shared memory
-- (hotspare_members) and, compiled, in each worker. Disk comes first: what runs is never newer than the file, so a restart at
-- any moment comes back with what was acknowledged. Each document has one owner (`up`, the warden, a person), who writes no other.

local cjson = require("cjson.safe")
local addresses = require("hotspare.addresses")
local algorithms = require("hotspare.algorithms")
local disk = require("hotspare.disk")
local document = require("hotspare.document")
local hash = require("hotspare.hash")
local lease_of = require("hotspare.lease")
local maintenance_of = require("hotspare.maintenance")
local operator_of = require("hotspare.operator")
local overlay_of = require("hotspare.overlay")
local places = require("hotspare.places")
local sticky = require("hotspare.sticky")

local M = {}

local dict = ngx.shared.hotspare_members
local pools, services, version, revision, desired, laid, maintenance = {}, {}, nil, nil, nil, {}, nil
local path, place
-- What lies on the desired members, by name, each with what reads it.
local kinds = { overlay = overlay_of, operator = operator_of }

-- Decoded document, or nil and the list of problems.
function M.parse(text)
  local decoded, reason = cjson.decode(text)
  if decoded == nil then
    return nil, { { path = "", message = "is not JSON: " .. tostring(reason) } }
  end
  local problems = document.problems(decoded, place)
  if #problems > 0 then
    return nil, problems
  end
  return decoded
end

function M.describe(problems)
  local lines = {}
  for i, problem in ipairs(problems) do
    lines[i] = (problem.path == "" and "members.json" or problem.path) .. ": " .. problem.message
  end
  return table.concat(lines, "\n")
end

local function publish(name, text)
  local ok, reason = dict:safe_set(name, text)
  if not ok then
    return nil, "shared memory hotspare_members: " .. tostring(reason)
  end
  return dict:incr("version", 1, 0)
end

-- overlay.json, operator.json and lease.json are beside the members.
local function beside(name)
  return path:match("^(.*/)[^/]*$") .. name .. ".json"
end

-- What others left. Garbled or lost it is as if there were none: the warden writes its own again.
local function load_laid_and_lease()
  for name, kind in pairs(kinds) do
    local text = disk.read(beside(name)) or kind.empty
    local decoded, problems = kind.parse(text)
    if not decoded then
      ngx.log(ngx.ERR, name, ".json is left out: ", problems[1].path, " ", problems[1].message)
      text = kind.empty
    end
    if dict:get(name) ~= text then
      publish(name, text)
    end
  end
  local lease = disk.read(beside("lease"))
  if lease and lease_of.read(lease, ngx.now()) then
    dict:set("lease", lease)
  end
end

-- Whom a new document leaves out, so that sessions stay there until the node is stopped. Before it is published.
local function note_left(decoded)
  local before = cjson.decode(dict:get("document") or "")
  if before and before.pools then
    local left = sticky.left(before, decoded, cjson.decode(dict:get("left") or "{}"), ngx.now())
    dict:set("left", cjson.encode(left))
  end
end

-- At start and reload, in the master process: the file wins. A broken file stops nginx with every problem. `networks` are those
-- that members may be in; `virtual` is the address that clients use.
function M.load(file, networks, virtual, neighbours)
  path = file
  place = places.within(networks, function(address)
    return address == virtual or (not neighbours and addresses.own(address))
  end)
  local text, reason = disk.read(file)
  if not text then
    error("members file: " .. reason, 0)
  end
  local decoded, problems = M.parse(text)
  if not decoded then
    error("members file " .. file .. "\n" .. M.describe(problems), 0)
  end
  if dict:get("document") ~= text then
    note_left(decoded)
    local version_, failed = publish("document", text)
    if not version_ then
      error(failed, 0)
    end
  end
  load_laid_and_lease()
end

-- Runs a change that writes, one at a time. What it returns, or nil and a reason.
local function alone(change)
  local free = dict:add("writing", ngx.worker.pid(), 2)
  if not free then
    return nil, "another change is being written"
  end
  local done, ok, reason = pcall(change)
  dict:delete("writing")
  if not done then
    return nil, ok
  end
  return ok, reason
end

-- File first, then memory.
local function keep(name, file, text)
  local ok, reason = disk.write(file, text)
  if ok then
    ok, reason = publish(name, text)
  end
  if not ok then
    return nil, reason
  end
  return true
end

-- Memory, and the file if it can be: a full disk must not keep a standby from serving.
local function keep_if_possible(name, text)
  local written, unwritten = disk.write(beside(name), text)
  if not written then
    ngx.log(ngx.ERR, name, ".json can't be written, it is kept in memory only: ", unwritten)
  end
  local ok, reason = publish(name, text)
  if not ok then
    return nil, reason
  end
  return true
end

-- Replaces the document. Returns true when it changed, false when it was the same already, nil and a reason when it
-- could not be written. The caller has validated it.
function M.replace(text)
  if dict:get("document") == text then
    return false
  end
  return alone(function()
    note_left(cjson.decode(text))
    return keep("document", path, text)
  end)
end

-- Replaces what lies on the members, if its revision is the one after the current: so of two that write at once one is told to
-- look again. Who has none yet takes any: a new balancer has it from its peers. Returns true, or nil, a reason and the current
-- revision when that was it.
function M.replace_laid(name, text, next_revision)
  local current
  local ok, reason = alone(function()
    current = cjson.decode(dict:get(name)).revision
    if next_revision ~= current + 1 and current > 0 then
      return nil, "the revision must be " .. (current + 1)
    end
    current = nil
    return keep_if_possible(name, text)
  end)
  return ok, reason, current
end

function M.laid_text(name)
  return dict:get(name)
end

-- Grants or, with nil, ends the lease. Returns true, or nil and a reason.
function M.set_lease(lease)
  local text = lease and cjson.encode(lease) or "null"
  return alone(function()
    return keep_if_possible("lease", text)
  end)
end

-- {holder, secondsLeft}, or nil when nobody has it.
function M.lease()
  return lease_of.read(dict:get("lease"), ngx.now())
end

-- The members of a sticky pool by the value of their cookie; those that have left are in none of its groups.
local function homes(compiled, left)
  local by_handle = {}
  local function add(member)
    member.handle = sticky.handle(compiled.sticky.salt, compiled.name, member.address, member.port)
    by_handle[member.handle] = member
  end
  for id, gone in pairs(left or {}) do
    local full = string.format("%s/%s@%s", compiled.name, gone.key, id)
    add({ key = full, id = full, address = gone.address, port = gone.port, left = true })
  end
  for _, member in ipairs(compiled.members) do
    add(member)
  end
  return by_handle
end

local function compile(name, pool, previous, promoted, said, left)
  local kind = pool.algorithm.kind
  local key = pool.algorithm.key
  local compiled = {
    name = name, kind = kind, key = kind == "ip-hash" and "client-address" or key, health = pool.health, members = {},
    sticky = pool.sticky,
    -- What an algorithm remembers (whose turn it is) survives a change of members.
    algorithm = previous and previous.kind == kind and previous.algorithm or algorithms[kind](),
  }
  for i, member in ipairs(pool.members) do
    local state = (said[member.key] or {}).state
    compiled.members[i] = {
      key = member.key, address = member.address, port = member.port, weight = member.weight,
      role = promoted[member.key] and "active" or member.role, desired_role = member.role,
      out = state ~= nil, drained = state == "drained",
      -- A member that moved to another address is another one: unknown until a check has seen it.
      id = string.format("%s/%s@%s:%d", name, member.key, member.address, member.port),
      seed = hash.text(member.key),
    }
  end
  compiled.homes = pool.sticky and homes(compiled, left)
  return compiled
end

local function refresh(current)
  local text = dict:get("document")
  local decoded, left = cjson.decode(text), cjson.decode(dict:get("left") or "{}")
  local over, operator = cjson.decode(dict:get("overlay")), cjson.decode(dict:get("operator"))
  local compiled = {}
  for name, pool in pairs(decoded.pools) do
    compiled[name] = compile(name, pool, pools[name], over.members, operator.members, left[name])
  end
  -- A pool that went may still be named by the nginx.conf of this worker, for the moment until the reload reaches it.
  for name, pool in pairs(pools) do
    if not compiled[name] then
      pool.gone = true
      compiled[name] = pool
    end
  end
  pools, services, version, revision, desired = compiled, decoded.services or {}, current, decoded.revision, text
  maintenance = maintenance_of.compile(operator.maintenance)
  laid = {
    overlay = { revision = over.revision, by = over.by },
    operator = { revision = operator.revision, by = operator.by, maintenance = maintenance_of.told(operator.maintenance) },
  }
end

-- All pools by name, compiled, and the version of the document; as new as the last PUT.
function M.current()
  local current = dict:get("version")
  if current ~= version then
    refresh(current)
  end
  return pools, version
end

-- What a balancer of layer 4 forwards; empty for one that reads requests.
function M.services()
  M.current()
  return services
end

function M.revision()
  M.current()
  return revision
end

-- What a person has said of all requests, compiled; nil for nothing.
function M.maintenance()
  M.current()
  return maintenance
end

-- {revision, by} of the overlay and of the operator's document in use, by name; of the latter also its maintenance.
function M.laid()
  M.current()
  return laid
end

function M.text()
  M.current()
  return desired
end

return M
