-- What is known of the members, in shared memory (hotspare_health): health by the active checks, marks by failed
-- requests, counters. Every change bumps a version by which workers know that their view is old.

local cjson = require("cjson.safe")

local M = {}

local dict = ngx.shared.hotspare_health

-- Seconds that a member is left alone after a failed request; by then two active checks have told more.
M.mark_seconds = 2
-- For longer it isn't believed that it wants none: it may be well long before.
M.longest_after = 30

-- Seconds without a request after which a member that has left counts as one without sessions.
M.session_seconds = 5

function M.version()
  return dict:get("version") or 0
end

local function changed(id, reason)
  dict:set("change:" .. id, cjson.encode({ reason = reason, at = ngx.now() }))
  dict:incr("version", 1, 0)
end

-- true, false, or nil for not known yet.
function M.healthy(id)
  return dict:get("healthy:" .. id)
end

function M.set_healthy(id, healthy, reason)
  dict:set("healthy:" .. id, healthy)
  if healthy then
    dict:set("proven:" .. id, true)
  end
  changed(id, reason)
end

-- Whether a check has ever seen it well: else it may just be starting.
function M.proven(id)
  return dict:get("proven:" .. id) == true
end

-- Whether its last check was answered 503: it lives, and wants nothing new.
function M.set_declines(id, declines)
  if declines ~= M.declines(id) then
    dict:set("declines:" .. id, declines or nil)
    dict:incr("version", 1, 0)
  end
end

function M.declines(id)
  return dict:get("declines:" .. id) == true
end

-- Nothing is known of the member any more.
function M.forget(id)
  if dict:get("healthy:" .. id) ~= nil then
    dict:delete("healthy:" .. id)
    changed(id, "no longer checked")
  end
end

-- What a request met there a moment ago ("lost", "doubted" or nil), and until when that counts.
function M.mark_of(id)
  local now = ngx.now()
  for _, mark in ipairs({ "lost", "doubted" }) do
    local till = dict:get(mark .. ":" .. id)
    if till and till > now then
      return mark, till
    end
  end
  return nil
end

-- seconds: how long it counts; left out, M.mark_seconds.
function M.mark(id, mark, reason, seconds)
  seconds = seconds or M.mark_seconds
  local already = dict:get(mark .. ":" .. id)
  if not already or already < ngx.now() + seconds then
    dict:set(mark .. ":" .. id, ngx.now() + seconds, seconds)
  end
  if not already then
    changed(id, reason)
  end
end

-- When this worker has told so last, by member: nginx's clock goes on once for many requests.
local told = {}

-- A request had an answer there that is no error.
function M.fine(id)
  local now = ngx.now()
  if told[id] ~= now then
    told[id] = now
    dict:set("fine:" .. id, now)
  end
end

-- A member failed a request that it was asked at `began`. Doubted only when nobody else fares better there: after a silence if
-- nobody had an answer meanwhile, else if the failure before this one was the last that was heard of the member. So one URL
-- that breaks whoever serves it moves nobody else's traffic.
--
-- after: for how many seconds the member itself asks to be left alone, or nil.
function M.doubt(id, began, silent, reason, after)
  local fine = dict:get("fine:" .. id) or 0
  local before = dict:get("failed:" .. id)
  dict:set("failed:" .. id, ngx.now(), M.mark_seconds)
  local alone = fine < began
  if not silent then
    alone = before ~= nil and fine < before
  end
  if alone then
    M.mark(id, "doubted", reason, after and math.max(M.mark_seconds, math.min(after, M.longest_after)))
  end
end

-- A member that has left was asked for one of its sessions.
function M.session(id)
  dict:set("session:" .. id, true, M.session_seconds)
end

function M.has_sessions(id)
  return dict:get("session:" .. id) == true
end

function M.last_change(id)
  local text = dict:get("change:" .. id)
  return text and cjson.decode(text) or nil
end

-- Keys by kind and member, so that no request has to put them together.
local keys = {}

function M.count(kind, id)
  local own = keys[kind]
  if not own then
    own = {}
    keys[kind] = own
  end
  local key = own[id]
  if not key then
    key = kind .. ":" .. id
    own[id] = key
  end
  dict:incr(key, 1, 0)
end

function M.counted(kind, id)
  return dict:get(kind .. ":" .. id) or 0
end

return M
