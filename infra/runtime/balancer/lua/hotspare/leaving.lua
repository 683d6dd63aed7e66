-- A balancer that is about to give the virtual address away asks its clients to end their connections after the answer that
-- they are waiting for: the next holder doesn't know those connections and would refuse the next request on each.
--
-- nginx can't change its mind about keep-alive for single requests, so its own `keep-alive` stands beside this `close`, and
-- `close` is what counts (RFC 9112, 9.6). HTTP/2 must not have that header; it has its own goodbye, with a reload.

local M = {}

local dict = ngx.shared.hotspare_flight

-- Ends by itself after so many seconds: whoever asked for it may be gone.
M.longest = 60

-- nil ends it. Returns what is wrong, or nil.
function M.set(seconds)
  if seconds == nil then
    dict:delete("leaving")
  elseif type(seconds) ~= "number" or seconds < 1 or seconds > M.longest then
    return "seconds must be a number from 1 to " .. M.longest
  else
    dict:set("leaving", true, seconds)
    dict:delete("leaving:told")
  end
end

-- How many questions of directors have been answered so.
function M.told()
  return dict:get("leaving:told") or 0
end

function M.get()
  return dict:get("leaving") == true
end

-- Content handler: directors in front send nothing new to one that leaves.
function M.tell()
  if not M.get() then
    return ngx.exit(200)
  end
  dict:incr("leaving:told", 1, 0)
  return ngx.exit(503)
end

-- What this worker has looked up when nginx's clock went on last: it does so once for many requests.
local looked, leaving = 0, false

-- Called for every answer.
function M.header()
  local now = ngx.now()
  if now ~= looked then
    looked, leaving = now, M.get()
  end
  if leaving and ngx.status ~= 101 and (ngx.req.http_version() or 1) < 2 then
    ngx.header["Connection"] = "close"
  end
end

return M
