-- A balancer that stands by learns nothing by itself: it asks the one that has the virtual address what that has learned, so it
-- knows the routes when it takes over.
--
-- Peers know each other by their addresses, as in VRRP: one tells nobody else, and asks by a connection to a peer's own. What can be told
-- is counts of times; what follows from them is between a second and the routes' readTimeout.

local cjson = require("cjson.safe")
local addresses = require("hotspare.addresses")
local patience = require("hotspare.patience")

local M = {}

-- Seconds between two questions, and milliseconds that one may take.
local each, most = 5, 1000
-- A thousand routes with all their counts are a quarter of it.
local most_bytes = 4 * 1024 * 1024

-- port, virtual_address, peers (addresses); nil where there is no peer.
local options

function M.setup(given)
  options = given
end

-- Content handler: only who has the address tells, since it alone has learned.
function M.tell()
  if not addresses.holds(options.virtual_address) then
    return ngx.exit(404)
  end
  ngx.header["Content-Type"] = "application/json"
  ngx.print(cjson.encode(patience.learned()))
end

local function ask(peer)
  local socket = ngx.socket.tcp()
  socket:settimeout(most)
  if not socket:connect(peer, options.port) then
    return
  end
  -- HTTP/1.0: the answer is whole when the connection ends.
  socket:send("GET /learned HTTP/1.0\r\n\r\n")
  local parts, read = {}, 0
  repeat
    local data = socket:receiveany(65536)
    parts[#parts + 1] = data
    read = read + #(data or "")
  until not data or read > most_bytes
  socket:close()
  local text = table.concat(parts):match("^HTTP/1%.%d 200.-\r\n\r\n(.*)$")
  local told = text and cjson.decode(text)
  if type(told) == "table" then
    patience.take(told)
  end
end

local function ask_all(premature)
  if premature or addresses.holds(options.virtual_address) then
    return
  end
  for _, peer in ipairs(options.peers) do
    ngx.thread.spawn(ask, peer)
  end
end

function M.start()
  if options and ngx.worker.id() == 0 then
    ngx.timer.at(0, ask_all)
    ngx.timer.every(each, ask_all)
  end
end

return M
