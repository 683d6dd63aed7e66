-- Sessions that stay at a node, by a cookie that the balancer sets. Its value is a handle: a keyed hash of the node's address, so
-- every balancer of the cluster knows it and no client learns anything from it.
--
-- A session moves when its node is gone (not in the document and no longer reachable, lost, unhealthy, back to standing by) and for
-- no other reason: not when nodes come, not for a weight, a doubt or a failed request.

local candidates = require("hotspare.candidates")
local requests = require("hotspare.requests")
local state = require("hotspare.state")

local M = {}

-- Seconds that a node that has left the document keeps its sessions at most, if it still answers then: as long as a drain can be.
M.drain = 3600

-- The value of the cookie of a member. 120 bits: nobody finds another node's by trying.
function M.handle(salt, pool, address, port)
  local digest = ngx.hmac_sha1(salt, pool .. "@" .. address .. ":" .. port)
  return (ngx.encode_base64(digest:sub(1, 15)):gsub("+", "-"):gsub("/", "_"))
end

-- Members of sticky pools that the document `before` has and `after` hasn't, added to those that left earlier. Decoded documents;
-- by pool, then by address and port.
function M.left(before, after, earlier, now)
  local left = {}
  for name, pool in pairs(after.pools) do
    local stay, own = {}, {}
    for _, member in ipairs(pool.members) do
      stay[member.address .. ":" .. member.port] = true
    end
    for id, member in pairs(earlier[name] or {}) do
      own[id] = not stay[id] and member.till > now and member or nil
    end
    for _, member in ipairs((before.pools[name] or { members = {} }).members) do
      local id = member.address .. ":" .. member.port
      if not stay[id] and member.role ~= "cold" then
        own[id] = { key = member.key, address = member.address, port = member.port, till = now + M.drain }
      end
    end
    left[name] = pool.sticky and next(own) and own or nil
  end
  return left
end

-- Whether a member may go on with its sessions.
--
-- healthy, mark: what is known of it; rotation: keys of the members that new requests go to; nobody: whether none of them is healthy
function M.usable(member, healthy, mark, rotation, nobody)
  if member.drained then
    return false
  elseif nobody and not member.left then
    return rotation[member.key] == true
  elseif mark == "lost" or healthy == false then
    return false
  elseif member.left then
    return healthy == true
  elseif member.role == "active" then
    -- One that is cordoned goes on with its sessions.
    return healthy == true or member.desired_role ~= "cold"
  end
  return rotation[member.key] == true
end

-- The member that has the session of the request that begins, or nil. Remembers in `request` what is needed to answer.
function M.home(view, request)
  local sticky = view.pool.sticky
  if not sticky then
    return nil
  end
  request.sticky = view.pool
  local member = view.pool.homes[ngx.var["cookie_" .. sticky.cookie] or ""]
  if not member then
    return nil
  end
  if not view.rotation then
    local rotation, group = candidates.in_rotation(view.groups)
    view.rotation, view.nobody = rotation, group == #view.groups
  end
  if not M.usable(member, state.healthy(member.id), state.mark_of(member.id), view.rotation, view.nobody) then
    return nil
  end
  if member.left then
    state.session(member.id)
  end
  request.home = member
  return member
end

-- The scheme by which the client came: what nginx.conf tells nodes of it.
local function is_secure()
  local var = ngx.var
  return (var.hotspare_scheme or var.hotspare_listener or var.scheme) == "https"
end

function M.cookie(sticky, handle, https)
  local parts = { sticky.cookie .. "=" .. handle, "Path=/" }
  if sticky.seconds > 0 then
    parts[#parts + 1] = "Max-Age=" .. sticky.seconds
  end
  if sticky.secure == "always" or (sticky.secure == "auto" and https) then
    parts[#parts + 1] = "Secure"
  end
  if sticky.httpOnly then
    parts[#parts + 1] = "HttpOnly"
  end
  parts[#parts + 1] = "SameSite=" .. sticky.sameSite
  return table.concat(parts, "; ")
end

-- Whether caches that many clients share may keep an answer: its cookie would become everybody's.
function M.is_shared(control)
  local text = type(control) == "table" and table.concat(control, ",") or control or ""
  text = text:lower()
  return text:find("public", 1, true) ~= nil or text:find("s-maxage", 1, true) ~= nil
end

-- Called when an answer begins: names the member that gave it, where the session has no node or its node is lost.
function M.header()
  local request = requests.get()
  local pool = request and request.sticky
  if not pool or not request.member or not request.member.handle or ngx.status >= 500 then
    return
  end
  local home = request.home
  if home and (home == request.member or state.mark_of(home.id) ~= "lost") then
    return
  end
  local control = ngx.header["Cache-Control"]
  if M.is_shared(control) then
    return
  end
  if not control then
    ngx.header["Cache-Control"] = "private"
  end
  local cookie = M.cookie(pool.sticky, request.member.handle, is_secure())
  require("ngx.resp").add_header("Set-Cookie", cookie)
end

return M
