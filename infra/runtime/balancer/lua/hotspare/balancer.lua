-- Called for each try of each request (balance) and once at its end (log).

local peers = require("ngx.balancer")
local answers = require("hotspare.answers")
local candidates = require("hotspare.candidates")
local flight = require("hotspare.flight")
local lateness = require("hotspare.lateness")
local requests = require("hotspare.requests")
local state = require("hotspare.state")
local sticky = require("hotspare.sticky")
local verdict = require("hotspare.verdict")
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

-- The first try of a request. nginx counts the tries that are left: it cuts the number to the location's
-- proxy_next_upstream_tries by itself, and decides by proxy_next_upstream whether a request may be sent again.
local function begin(view)
  local pool = view.pool
  local request = { tried = {}, load = load, try = 1, may = true, members = candidates.count(view.groups) }
  answers.begin(request, pool.name)
  if pool.algorithm.hashed then
    request.key = hash_key(pool.key)
  end
  local home = sticky.home(view, request)
  if home and home.left then
    request.members = request.members + 1
  end
  -- Without this nginx makes a single try.
  if request.members > 1 then
    peers.set_more_tries(request.members - 1)
  end
  requests.set(request)
  return request
end

-- The location's `tries`, which nginx.conf also tells Lua. Asked for after a failure only.
local function most_tries()
  return tonumber(ngx.var.hotspare_tries) or 1
end

-- nginx lists a value for each try, separated by commas; `back` counts from the last.
local function of_try(list, back)
  local values = {}
  for value in (list or ""):gmatch("[^,%s]+") do
    values[#values + 1] = value
  end
  return values[#values - back] or "-"
end

local words = {
  lost = "a request found no connection", failing = "requests failed there", silent = "a request found it silent",
}

local function note_failure(request, status, back, reused, retryable)
  local var, member = ngx.var, request.member
  local said = verdict({
    status = status, reused = reused,
    connect = of_try(var.upstream_connect_time, back), header = of_try(var.upstream_header_time, back),
    sent = of_try(var.upstream_bytes_sent, back), received = of_try(var.upstream_bytes_received, back),
  }, retryable)
  if not said then
    return
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
    state.doubt(member.id, request.asked, said == "silent", reason)
  end
end

-- Counts the try that begins, sets nginx's count right, and returns whether the one that failed was made on a connection that
-- had served before. When such a one breaks, nginx gives the try back, and would go on for as long as it finds them. Asked for
-- as many tries as would just fit had none been given back, it says "reduced" when one was: then its count is one too high, and
-- the last member's own answer would be thrown away in favour of a try that there is not.
local function next_try(request)
  local most = most_tries()
  local limit = math.min(request.members, most)
  request.try = request.try + 1
  if request.try > limit then
    -- Asked all the same, so it was given back. Where there is nobody else, the member itself is asked once more.
    request.may = request.try == 2 and most > 1
    request.again = request.may
    return true
  end
  request.may = true
  local _, reduced = peers.set_more_tries(most - limit)
  peers.set_more_tries(reduced and -1 or 0)
  return reduced ~= nil
end

-- The last try failed: give its place back and keep others away from that member if it is the member's fault.
local function failed(request, kind, status)
  local reused = next_try(request)
  local member = request.member
  flight.add(member.id, -1)
  if kind == "failed" then
    -- The try that is just beginning is the last in the lists already.
    note_failure(request, tostring(status), 1, reused, true)
  end
  request.member = nil
  request.tried[member.key] = not request.again or nil
end

-- The member for the next try: the one that has the session, then by the algorithm.
local function choose(view, request)
  local home = request.home
  if home and not request.tried[home.key] then
    return home
  end
  return candidates.pick(view.groups, view.pool.algorithm, request)
end

function M.balance(name)
  local view = view_of(name)
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
      view = view_of(name)
    else
      -- nginx has redirected the request and begins anew.
      flight.add(request.member.id, -1)
    end
  end
  if not kind then
    request = begin(view)
  end
  local member = request.may and choose(view, request)
  if not member then
    ngx.log(ngx.ERR, "pool ", name, request.try == 1 and " has no member that could serve" or " has nobody else to ask")
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
    return
  end
  flight.add(member.id, -1)
  local status = ngx.var.upstream_status or "-"
  if request.try > 1 then
    status = of_try(status, 0)
  end
  local code = tonumber(status) or 0
  -- What a roll-out watches: a new image may connect and answer well, and answer nothing but errors.
  if code >= 500 then
    state.count("errors", member.id)
  elseif code > 0 then
    state.fine(member.id)
  end
  if telling[status] then
    -- A connection that had served before would have been tried again. Where nothing is, nobody can tell.
    local reused
    if most_tries() > 1 then
      reused = false
    end
    note_failure(request, status, 0, reused, false)
  end
end

return M
