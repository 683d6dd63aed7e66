-- Called for each try of each request (balance) and once at its end (log).

local peers = require("ngx.balancer")
local answers = require("hotspare.answers")
local candidates = require("hotspare.candidates")
local flight = require("hotspare.flight")
local lateness = require("hotspare.lateness")
local listed = require("hotspare.listed")
local patience = require("hotspare.patience")
local requests = require("hotspare.requests")
local routes = require("hotspare.routes")
local state = require("hotspare.state")
local sticky = require("hotspare.sticky")
local tries = require("hotspare.tries")
local verdict = require("hotspare.verdict")
local views = require("hotspare.view")

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

-- The first try of a request.
local function begin(view)
  local pool = view.pool
  local request = { tried = {}, load = load }
  request.route, request.route_name = routes.get()
  answers.begin(request, pool.name)
  tries.begin(request, pool.name, #candidates.everybody(view.groups))
  if pool.algorithm.hashed then
    request.key = hash_key(pool.key)
  end
  local home = sticky.home(view, request)
  if home and home.left then
    request.members = request.members + 1
  end
  requests.set(request)
  return request
end

local words = {
  lost = "a request found no connection", failing = "requests failed there", silent = "a request found it silent",
}

-- Seconds for which a node that answers 503 asks to be left alone, or nil: Retry-After is a number or a date (RFC 9110, 10.2.3).
local function retry_after(status)
  local value = status == "503" and ngx.var.upstream_http_retry_after
  if not value then
    return nil
  end
  local date = not tonumber(value) and ngx.parse_http_time(value)
  return date and date - ngx.time() or tonumber(value)
end

-- Returns the verdict.
local function note_failure(request, status, back, reused, retryable)
  local var, member = ngx.var, request.member
  local said = verdict({
    status = status, reused = reused,
    connect = listed(var.upstream_connect_time, back), header = listed(var.upstream_header_time, back),
    sent = listed(var.upstream_bytes_sent, back), received = listed(var.upstream_bytes_received, back),
  }, retryable)
  if not said then
    return nil
  end
  state.count("failures", member.id)
  -- A connection that wasn't made in time, in a worker that was late itself, is no more than silence.
  if said == "lost" and status == "504" and lateness.is_late() then
    said = "silent"
  end
  local reason = words[said] .. " (" .. status .. ")"
  if said == "lost" then
    state.mark(member.id, "lost", reason)
    if member.left then
      -- Nobody checks it any more, and it will not come back.
      state.set_healthy(member.id, false, reason)
    end
  else
    state.doubt(member.id, request.asked, said == "silent", reason, retry_after(status))
  end
  return said
end

-- The last try failed: give its place back and keep others away from that member if it is the member's fault.
local function failed(request, kind, status)
  -- The try that is just beginning is the last in nginx's lists already. Nor has silence before there was a connection cost anybody work.
  local var = ngx.var
  local broken = listed(var.upstream_connect_time, 1) == "-" or (status ~= 504 and listed(var.upstream_header_time, 1) == "-")
  local reused = tries.next(request, broken, status)
  local member = request.member
  flight.add(member.id, -1)
  local said
  if kind == "failed" then
    said = note_failure(request, tostring(status), 1, reused, true)
  end
  if request.status then
    -- The budget ends the request with what this member has answered.
    state.count("errors", member.id)
    request.after = retry_after(tostring(status))
    patience.ended(request, said == "silent")
  end
  -- It was left early because somebody else could be asked.
  request.hurried = said == "silent" and member or nil
  request.member = nil
  request.tried[member.key] = not request.again or nil
end

-- The member for the next try: the one that has the session, then by the algorithm. Where those who could have been asked have gone
-- meanwhile, the one that was left for its silence, and now it has the time that a last one has.
local function choose(view, request)
  local home = request.home
  if home and not request.tried[home.key] then
    return home
  end
  return candidates.pick(view.groups, view.pool.algorithm, request) or request.hurried
end

function M.balance(name)
  local view = views.of_tick(name)
  if not view then
    ngx.log(ngx.ERR, "pool ", name, " is not in the members document")
    return ngx.exit(ngx.ERROR)
  end
  local request = requests.get()
  local kind, status
  if request and request.member then
    kind, status = peers.get_last_failure()
    if kind then
      failed(request, kind, status)
      view = views.get(name)
    else
      -- nginx has redirected the request and begins again.
      flight.add(request.member.id, -1)
      tries.done(request)
    end
  end
  if not kind then
    request = begin(view)
  end
  local member = request.may and choose(view, request)
  if not member then
    if not request.status then
      ngx.log(ngx.ERR, "pool ", name, request.try == 1 and " has no member that could serve" or " has nobody else to ask")
    end
    return ngx.exit(nobody)
  end
  request.member = member
  request.asked = ngx.now()
  flight.add(member.id, 1)
  state.count("requests", member.id)
  local ok, reason = peers.set_current_peer(member.address, member.port)
  if not ok then
    ngx.log(ngx.ERR, "member ", member.id, ": ", reason)
  end
  tries.settle(request, view)
  patience.begin(request, not request.promised)
end

-- nginx asks for another peer only when it may try again. So the last failure of a request shows here only.
local telling = { ["502"] = true, ["503"] = true, ["504"] = true }

function M.log()
  local request = requests.take()
  if not request then
    return
  end
  answers.note_of(request)
  local member = request.member
  if not member then
    tries.done(request, true)
    return
  end
  flight.add(member.id, -1)
  local status = ngx.var.upstream_status or "-"
  if request.try > 1 then
    status = listed(status, 0)
  end
  local code = tonumber(status) or 0
  -- What a roll-out watches: a new image may connect and answer well, and answer nothing but errors.
  if code >= 500 then
    state.count("errors", member.id)
  elseif request.refused then
    -- Mostly an informational answer, which nginx before 1.29 takes for the final one.
    state.count("errors", member.id)
    state.count("failures", member.id)
    state.doubt(member.id, request.asked, false, code > 101 and code < 200 and "it answered " .. status
      .. " before its final answer, and nginx before 1.29 ends a request there" or "its answer (" .. status .. ") was none of HTTP")
  elseif code > 0 then
    state.fine(member.id)
  end
  local said
  if telling[status] then
    -- A connection that had served before would have been tried again. Where nothing is, nobody can tell.
    local reused
    if request.route.tries > 1 then
      reused = false
    end
    said = note_failure(request, status, 0, reused, false)
  end
  tries.done(request, telling[status])
  patience.ended(request, said == "silent")
end

return M
