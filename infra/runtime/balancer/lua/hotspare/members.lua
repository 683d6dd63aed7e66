-- The members document: on disk, in shared memory (hotspare_members) and, compiled, in each worker. Disk comes first:
-- what runs is never newer than the file, so a restart at any moment comes back with what was acknowledged.

local cjson = require("cjson.safe")
local algorithms = require("hotspare.algorithms")
local document = require("hotspare.document")
local hash = require("hotspare.hash")

local M = {}

local dict = ngx.shared.hotspare_members
local pools, version, revision, desired = {}, nil, nil, nil
local path

-- Decoded document, or nil and the list of problems.
function M.parse(text)
  local decoded, reason = cjson.decode(text)
  if decoded == nil then
    return nil, { { path = "", message = "is not JSON: " .. tostring(reason) } }
  end
  local problems = document.problems(decoded)
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

local function publish(text)
  local ok, reason = dict:safe_set("document", text)
  if not ok then
    return nil, "shared memory hotspare_members: " .. tostring(reason)
  end
  return dict:incr("version", 1, 0)
end

-- At start and reload, in the master process: the file wins. A broken file stops nginx with every problem.
function M.load(file)
  path = file
  local handle, reason = io.open(file, "r")
  if not handle then
    error("members file: " .. reason, 0)
  end
  local text = handle:read("*a")
  handle:close()
  local decoded, problems = M.parse(text)
  if not decoded then
    error("members file " .. file .. "\n" .. M.describe(problems), 0)
  end
  if dict:get("document") ~= text then
    local version_, failed = publish(text)
    if not version_ then
      error(failed, 0)
    end
  end
end

local function write(text)
  local temporary = string.format("%s.%d.tmp", path, ngx.worker.pid())
  local handle, reason = io.open(temporary, "w")
  if not handle then
    return nil, reason
  end
  local ok, failed = handle:write(text)
  handle:close()
  if not ok then
    os.remove(temporary)
    return nil, failed
  end
  return os.rename(temporary, path)
end

-- Replaces the document. Returns true when it changed, false when it was the same already, nil and a reason when it
-- could not be written. The caller has validated it.
function M.replace(text)
  if dict:get("document") == text then
    return false
  end
  local free = dict:add("writing", ngx.worker.pid(), 2)
  if not free then
    return nil, "another change is being written"
  end
  local ok, reason = write(text)
  if ok then
    ok, reason = publish(text)
  end
  dict:delete("writing")
  if not ok then
    return nil, reason
  end
  return true
end

local function compile(name, pool, previous)
  local kind = pool.algorithm.kind
  local key = pool.algorithm.key
  local compiled = {
    name = name, kind = kind, key = kind == "ip-hash" and "client-address" or key, health = pool.health, members = {},
    -- What an algorithm remembers (whose turn it is) survives a change of members.
    algorithm = previous and previous.kind == kind and previous.algorithm or algorithms[kind](),
  }
  for i, member in ipairs(pool.members) do
    compiled.members[i] = {
      key = member.key, address = member.address, port = member.port, weight = member.weight, role = member.role,
      -- A member that moved to another address is another one: unknown until a check has seen it.
      id = string.format("%s/%s@%s:%d", name, member.key, member.address, member.port),
      seed = hash.text(member.key),
    }
  end
  return compiled
end

local function refresh(current)
  local text = dict:get("document")
  local decoded = cjson.decode(text)
  local compiled = {}
  for name, pool in pairs(decoded.pools) do
    compiled[name] = compile(name, pool, pools[name])
  end
  -- A pool that went may still be named by the nginx.conf of this worker, for the moment until the reload reaches it.
  for name, pool in pairs(pools) do
    if not compiled[name] then
      pool.gone = true
      compiled[name] = pool
    end
  end
  pools, version, revision, desired = compiled, current, decoded.revision, text
end

-- All pools by name, compiled, and the version of the document; as new as the last PUT.
function M.current()
  local current = dict:get("version")
  if current ~= version then
    refresh(current)
  end
  return pools, version
end

function M.revision()
  M.current()
  return revision
end

function M.text()
  M.current()
  return desired
end

return M
