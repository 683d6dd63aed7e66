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
    -- By when it began: what was told before counts no more.
    dict:set("leaving", ngx.now(), seconds)
  end
end

local function key(since, address)
  return "leaving:told:" .. since .. ":" .. address
end

-- How many questions have been answered so to that one of the addresses ("10.0.0.6,10.0.0.7") that asked least.
function M.told(addresses)
  local since, least = dict:get("leaving"), nil
  for address in addresses:gmatch("[^,]+") do
    local told = since and dict:get(key(since, address)) or 0
    least = math.min(least or told, told)
  end
  return least
end

function M.get()
  return dict:get("leaving") ~= nil
end

-- Content handler: directors in front send nothing new to one that leaves.
function M.tell()
  local since = dict:get("leaving")
  if not since then
    return ngx.exit(200)
  end
  dict:incr(key(since, ngx.var.remote_addr), 1, 0, M.longest)
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
