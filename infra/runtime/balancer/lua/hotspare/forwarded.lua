-- What of a node's answer may be passed on (RFC 9110, 7.6.1 and 15). nginx takes more for an answer than clients do, and passes on what
-- is for its own connection to the node only; a client that reads it otherwise takes a part of one answer for the next one.

local hops = require("hotspare.hops")
local requests = require("hotspare.requests")

local M = {}

-- What `Connection` says in ordinary life.
local ordinary = { ["keep-alive"] = true, close = true, upgrade = true, ["Keep-Alive"] = true, Close = true, Upgrade = true }

-- Whether a status is a final one: not informational, and no change of the protocol that the client hasn't asked for.
local function is_final(status, route)
  return status >= 200 or (status == 101 and route.streams and ngx.var.hotspare_upgrade == "websocket")
end

-- Called when an answer begins, before all else: true when it is refused, and another answer begins in its place.
function M.header()
  local request = requests.get()
  if not request or not request.member or request.refused then
    return false
  end
  local status = ngx.status
  -- nginx takes bytes that are no HTTP for an answer of HTTP/0.9, and would send them to the client as they are. The client needs an
  -- answer all the same: one that loses its connection asks again (the door does), which is a try too many.
  if ngx.req.http_version() == 0.9 or not is_final(status, request.route) then
    request.refused = true
    ngx.exit(502)
    return true
  end
  if status == 204 then
    -- It has no body, and so no length of one.
    ngx.header["Content-Length"] = nil
  end
  local connection = ngx.var.upstream_http_connection
  if connection and not ordinary[connection] then
    for _, name in ipairs(hops.named(connection)) do
      ngx.header[name] = nil
    end
  end
  if request.route.streams and status ~= 101 then
    ngx.header["Upgrade"] = nil
  end
  return false
end

return M
