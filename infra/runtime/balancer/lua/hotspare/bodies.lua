-- Bodies that come too slowly. nginx bounds the time between two pieces of a body, so who sends a byte every few seconds keeps a
-- connection, and its temporary file, for as long as they like.

local M = {}

-- Seconds that every body has, and bytes a second that it has to come with beyond that: an old modem's pace.
M.grace, M.slowest = 15, 4096

-- Seconds that a body of so many bytes may take.
function M.seconds(bytes)
  return M.grace + bytes / M.slowest
end

-- How many bytes the body of this request has: `limit` for one that doesn't say so, nil where there is none. On HTTP/2 a body needs
-- neither a length nor a word about it, so there every request without a length may have one.
local function size(limit)
  local var = ngx.var
  local length = tonumber(var.content_length)
  if not length and (var.http_transfer_encoding or (ngx.req.http_version() or 1) >= 2) then
    return limit
  end
  return length ~= 0 and length or nil
end

local function watch(seconds)
  ngx.sleep(seconds)
  return ngx.exit(ngx.HTTP_REQUEST_TIMEOUT)
end

-- Reads the body of the request, or ends the request (408). In each location that doesn't stream.
function M.read(limit)
  local bytes = size(limit)
  if not bytes then
    return
  end
  local watching = ngx.thread.spawn(watch, M.seconds(bytes))
  ngx.req.read_body()
  ngx.thread.kill(watching)
end

return M
