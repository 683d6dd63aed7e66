-- A check that nginx makes for Lua: gRPC's health protocol over TLS. Its servers want HTTP/2 agreed on in the handshake (ALPN), which
-- Lua's sockets can't offer and nginx does.

local peers = require("ngx.balancer")
local grpc = require("hotspare.grpc")
local members = require("hotspare.members")

local M = {}

-- An answer is read up to this size.
local most_bytes, piece = 65536, 8192

local function question(member, health)
  local message = grpc.message(health.service or "")
  local lines = {
    "POST /check/" .. member.id:match("^[^/]+") .. " HTTP/1.0", "Host: " .. (health.host or member.address),
    "X-Hotspare-Member: " .. member.id, "User-Agent: hotspare-health", "Content-Type: application/grpc",
    "Content-Length: " .. #message,
  }
  for name, value in pairs(health.headers or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. message
end

-- Status, and whether it is that of a question which was passed on; or nil and why there is none.
local function head(socket)
  local line, reason = socket:receive("*l")
  local status, asked = line and line:match("^HTTP/1%.%d (%d%d%d)"), false
  while line and line ~= "" do
    line, reason = socket:receive("*l")
    asked = asked or (line and line:lower():find("x-hotspare-asked:", 1, true) == 1) or false
  end
  return line and status, asked, reason
end

-- Whether it passed, and why (not). No reason: there was no connection, or no TLS. nil: nginx has no such location, since its own
-- configuration is older than the members that it has.
-- `more` gives the socket the time that is left, or is false.
function M.ask(socket, member, health, more)
  local ok, reason = socket:connect(require("hotspare").options.control or "unix:")
  if not ok then
    return nil, reason
  end
  socket:send(question(member, health))
  local status, asked, silence = head(socket)
  if not status then
    return false, silence
  elseif not asked then
    return nil, "nginx can't ask yet"
  elseif status == "502" then
    return false
  elseif status ~= "200" then
    return false, status == "504" and "timeout" or "HTTP " .. status
  end
  local body = ""
  while #body < most_bytes and more() do
    local data = socket:receiveany(piece)
    if not data then
      break
    end
    body = body .. data
    local passed, why = grpc.verdict(body)
    if passed ~= nil then
      return passed, why
    end
  end
  return false, more() and grpc.no_answer or "timeout"
end

-- Called by nginx for such a check: to that member, and to nobody else, whoever asks.
function M.balance()
  local id = ngx.var.http_x_hotspare_member or ""
  local pool = members.current()[id:match("^[^/]+")]
  for _, member in ipairs(pool and pool.members or {}) do
    if member.id == id then
      return peers.set_current_peer(member.address, member.port)
    end
  end
  return ngx.exit(ngx.ERROR)
end

return M
