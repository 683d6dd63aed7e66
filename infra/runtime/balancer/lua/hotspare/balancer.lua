-- Called for each try of each request (balance) and once at its end (log).

local peers = require("ngx.balancer")
local answers = require("hotspare.answers")
local candidates = require("hotspare.candidates")
local flight = require("hotspare.flight")
local state = require("hotspare.state")
local view_of = require("hotspare.view").get

local M = {}

-- nginx's NGX_BUSY, which Lua has no name for: no peer to ask. The client gets 502; with ngx.ERROR it would be 500, as if the
-- balancer itself were broken.
local nobody = -3

local function load(member)
  return flight.load(member.id)
end

-- What a hashing algorithm hashes. A request without the header or cookie goes by the client's address.
local function hash_key(key)
  local var = ngx.var
  if key == "uri" then
    return var.request_uri
  end
  local header = key:match("^header:(.+)$")
  local cookie = key:match("^cookie:(.+)$")
  local value
  if header then
    value = var["http_" .. header:lower():gsub("-", "_")]
  elseif cookie then
    value = var["cookie_" .. cookie]
  end
  return value or var.remote_addr
end

local function begin(pool)
  local request = { tried = {}, load = load }
  answers.begin(request, pool.name)
  if pool.algorithm.hashed then
    request.key = hash_key(pool.key)
  end
  -- Without this nginx makes a single try. It cuts the number to the location's proxy_next_upstream_tries by itself,
  -- and decides by proxy_next_upstream whether a request may be sent again.
  if #pool.members > 1 then
    peers.set_more_tries(#pool.members - 1)
  end
  return request
end

-- nginx lists a value for each try, separated by commas; `back` counts from the last.
local function of_try(list, back)
  local values = {}
  for value in (list or ""):gmatch("[^,%s]+") do
    values[#values + 1] = value
  end
  return values[#values - back]
end

-- What a failed try says of its member. Lost: no connection, or it broke before an answer. Doubted: the node did answer,
-- with an error, or it took the request and was too slow.
local function verdict(status, back)
  if of_try(ngx.var.upstream_connect_time, back) == "-" then
    return "lost"
  end
  local answered = of_try(ngx.var.upstream_header_time, back) ~= "-"
  return (answered or status == "504") and "doubted" or "lost"
end

local function note_failure(member, status, back)
  state.count("failures", member.id)
  local mark = verdict(status, back)
  state.mark(member.id, mark, "a request found it " .. mark .. " (" .. status .. ")")
end

-- The last try failed: give its place back and keep others away from that member for a moment.
local function failed(request)
  local member = request.member
  flight.add(member.id, -1)
  request.member = nil
  request.tried[member.key] = true
  local kind, status = peers.get_last_failure()
  if kind == "failed" then
    -- The try that is just beginning is the last in the lists already.
    note_failure(member, tostring(status), 1)
  end
end

function M.balance(name)
  local view = view_of(name)
  if not view then
    ngx.log(ngx.ERR, "pool ", name, " is not in the members document")
    return ngx.exit(ngx.ERROR)
  end
  local context = ngx.ctx
  local request = context.hotspare
  if not request then
    request = begin(view.pool)
    context.hotspare = request
  elseif request.member then
    failed(request)
    view = view_of(name)
  end
  local member = candidates.pick(view.groups, view.pool.algorithm, request)
  if not member then
    ngx.log(ngx.ERR, "pool ", name, " has no member that could serve")
    return ngx.exit(nobody)
  end
  request.member = member
  flight.add(member.id, 1)
  state.count("requests", member.id)
  local ok, reason = peers.set_current_peer(member.address, member.port)
  if not ok then
    ngx.log(ngx.ERR, "member ", member.id, ": ", reason)
  end
end

-- nginx asks for another peer only when it may try again. So the last failure of a request shows here only.
local telling = { ["502"] = true, ["503"] = true, ["504"] = true }

function M.log()
  answers.note()
  local request = ngx.ctx.hotspare
  local member = request and request.member
  if not member then
    return
  end
  flight.add(member.id, -1)
  local status = of_try(ngx.var.upstream_status, 0)
  -- What a roll-out watches: a new image may connect and answer well, and answer nothing but errors.
  if (tonumber(status) or 0) >= 500 then
    state.count("errors", member.id)
  end
  if telling[status] then
    note_failure(member, status, 0)
  end
end

return M
