-- The members document and what lies on it, the overlay: on disk, in shared memory (hotspare_members) and, compiled, in
-- each worker. Disk comes first: what runs is never newer than the file, so a restart at any moment comes back with what
-- was acknowledged. The two documents have two owners: `up` and the warden; neither writes the other's.

local cjson = require("cjson.safe")
local algorithms = require("hotspare.algorithms")
local document = require("hotspare.document")
local hash = require("hotspare.hash")
local lease_of = require("hotspare.lease")
local overlay_of = require("hotspare.overlay")
local sticky = require("hotspare.sticky")

local M = {}

local dict = ngx.shared.hotspare_members
local pools, version, revision, desired, overlay = {}, nil, nil, nil, nil
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

local function publish(name, text)
  local ok, reason = dict:safe_set(name, text)
  if not ok then
    return nil, "shared memory hotspare_members: " .. tostring(reason)
  end
  return dict:incr("version", 1, 0)
end

-- overlay.json and lease.json are beside the members.
local function beside(name)
  return path:match("^(.*/)[^/]*$") .. name .. ".json"
end

local function read(file)
  local handle, reason = io.open(file, "r")
  if not handle then
    return nil, reason
  end
  local text = handle:read("*a")
  handle:close()
  return text
end

-- What the warden and an `up` left. Garbled or lost it is as if there were none: the warden writes it again.
local function load_overlay_and_lease()
  local text = read(beside("overlay")) or overlay_of.empty
  local decoded, problems = overlay_of.parse(text)
  if not decoded then
    ngx.log(ngx.ERR, "overlay.json is left out: ", problems[1].path, " ", problems[1].message)
    text = overlay_of.empty
  end
  if dict:get("overlay") ~= text then
    publish("overlay", text)
  end
  local lease = read(beside("lease"))
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

-- At start and reload, in the master process: the file wins. A broken file stops nginx with every problem.
function M.load(file)
  path = file
  local text, reason = read(file)
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
  load_overlay_and_lease()
end

local function write(file, text)
  local temporary = string.format("%s.%d.tmp", file, ngx.worker.pid())
  local handle, reason = io.open(temporary, "w")
  if not handle then
    return nil, reason
  end
  local ok, failed = handle:write(text)
  -- A full disk often shows only here.
  local closed, unclosed = handle:close()
  if not (ok and closed) then
    os.remove(temporary)
    return nil, failed or unclosed
  end
  return os.rename(temporary, file)
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
  local ok, reason = write(file, text)
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
  local written, unwritten = write(beside(name), text)
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

-- Replaces the overlay, if its revision is the one after the current: so of two that write at once one is told to look
-- again. Returns true, or nil, a reason and the current revision when that was it.
function M.replace_overlay(text, next_revision)
  local current
  local ok, reason = alone(function()
    current = cjson.decode(dict:get("overlay")).revision
    if next_revision ~= current + 1 then
      return nil, "the revision must be " .. (current + 1)
    end
    current = nil
    return keep_if_possible("overlay", text)
  end)
  return ok, reason, current
end

function M.overlay_text()
  return dict:get("overlay")
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

local function compile(name, pool, previous, entries, left)
  local kind = pool.algorithm.kind
  local key = pool.algorithm.key
  local compiled = {
    name = name, kind = kind, key = kind == "ip-hash" and "client-address" or key, health = pool.health, members = {},
    sticky = pool.sticky,
    -- What an algorithm remembers (whose turn it is) survives a change of members.
    algorithm = previous and previous.kind == kind and previous.algorithm or algorithms[kind](),
  }
  for i, member in ipairs(pool.members) do
    local role, weight, out = overlay_of.effective(member, entries[member.key])
    compiled.members[i] = {
      key = member.key, address = member.address, port = member.port, weight = weight, role = role, out = out,
      desired_role = member.role,
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
  local decoded, over = cjson.decode(text), cjson.decode(dict:get("overlay"))
  local left = cjson.decode(dict:get("left") or "{}")
  local compiled = {}
  for name, pool in pairs(decoded.pools) do
    compiled[name] = compile(name, pool, pools[name], over.members, left[name])
  end
  -- A pool that went may still be named by the nginx.conf of this worker, for the moment until the reload reaches it.
  for name, pool in pairs(pools) do
    if not compiled[name] then
      pool.gone = true
      compiled[name] = pool
    end
  end
  pools, version, revision, desired = compiled, current, decoded.revision, text
  overlay = { revision = over.revision, by = over.by }
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

-- {revision, by} of the overlay in use.
function M.overlay()
  M.current()
  return overlay
end

function M.text()
  M.current()
  return desired
end

return M
