-- One health check of a member, by HTTP, gRPC's health protocol, what a server says first, a datagram, or a connection alone, in clear
-- or over TLS: whether it passed, and why (not).

local clock = require("hotspare.clock")
local greetings = require("hotspare.greetings")
local grpc = require("hotspare.grpc")
local through = require("hotspare.check_through")

local M = {}

-- A check's answer is read up to this size, so that closing the connection doesn't reset it under the node's feet.
local most_bytes, piece = 65536, 8192

-- Gives the socket the time that is left; false when there is none. nginx counts from its own idea of now, which is as old as the events
-- that it is at.
local function give_time(socket, limit)
  if limit - clock.now() < 0.001 then
    return false
  end
  socket:settimeout((limit - ngx.now()) * 1000)
  return true
end

local function http_question(member, health)
  local lines = {
    "GET " .. health.path .. " HTTP/1.1", "Host: " .. (health.host or member.address), "User-Agent: hotspare-health",
    "Connection: close",
  }
  for name, value in pairs(health.headers or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

local function http_answer(socket, limit)
  local line, reason = socket:receive("*l")
  if not line then
    return false, reason
  end
  local status = line:match("^HTTP/1%.%d (%d%d%d)")
  if not status then
    return false, "no HTTP answer"
  end
  local read = 0
  while read < most_bytes and give_time(socket, limit) do
    local data = socket:receiveany(piece)
    if not data then
      break
    end
    read = read + #data
  end
  return status:sub(1, 1) == "2", "HTTP " .. status
end

-- The rest of a message whose head tells how long it is; or nil and why there is none.
local function rest(socket, length)
  if length == 0 then
    return ""
  end
  return socket:receive(length)
end

local function grpc_answer(socket, limit)
  local so_far, read = {}, 0
  while read < most_bytes and give_time(socket, limit) do
    local head, reason = socket:receive(9)
    if not head then
      return false, reason
    end
    local length, kind, flags = grpc.head(head)
    read = read + 9 + length
    if read > most_bytes then
      return false, "no gRPC answer"
    end
    local payload, cut = rest(socket, length)
    if not payload then
      return false, cut
    end
    local passed, why, reply = grpc.take(so_far, kind, flags, payload)
    if reply then
      socket:send(reply)
    elseif passed ~= nil then
      return passed, why
    end
  end
  return false, "timeout"
end

-- One message of a server: a head that tells how much follows, and that.
local function greeting(socket, kind)
  if kind.question then
    socket:send(kind.question)
  end
  local head, reason = socket:receive(kind.head)
  if not head then
    return false, reason
  end
  local length = kind.length(head)
  if not length or length > kind.most then
    return false, "no greeting"
  end
  local payload, cut = rest(socket, length)
  if not payload then
    return false, cut
  end
  return kind.take(head, payload)
end

-- A datagram and its answer: DNS, or any answer to any text.
local function datagram(member, health, limit)
  local socket = ngx.socket.udp()
  if not give_time(socket, limit) then
    return false, "timeout"
  end
  local ok, reason = socket:setpeername(member.address, member.port)
  local id, answer = math.random(0, 65535), nil
  if ok then
    ok, reason = socket:send(health.protocol == "dns" and greetings.dns_question(health.service or "", id) or "hotspare-health")
  end
  if ok then
    answer, reason = socket:receive()
  end
  socket:close()
  if not answer then
    return false, reason
  end
  if health.protocol == "dns" then
    return greetings.dns(answer, id)
  end
  return true, "answered"
end

-- Why nginx got no answer: what a connection of Lua's own meets.
local function refusal(member, tls, limit)
  local socket = ngx.socket.tcp()
  local ok, reason = give_time(socket, limit), "timeout"
  if ok then
    ok, reason = socket:connect(member.address, member.port)
  end
  if ok then
    ok, reason = socket:sslhandshake(nil, tls.name, tls.verify)
    reason = reason and "TLS: " .. tostring(reason)
  end
  socket:close()
  return ok and grpc.no_answer or reason
end

local datagrams = { dns = true, udp = true }
local spoken = { mysql = greetings.mysql, postgres = greetings.postgres }

local function ask(socket, member, health, limit)
  if datagrams[health.protocol] then
    return datagram(member, health, limit)
  end
  if health.protocol == "grpc" and health.tls then
    local passed, why = through.ask(socket, member, health, function() return give_time(socket, limit) end)
    return passed, why or refusal(member, health.tls, limit)
  end
  local ok, reason = socket:connect(member.address, member.port)
  if not ok then
    return false, reason
  end
  if not give_time(socket, limit) then
    return false, "timeout"
  end
  local tls = health.tls
  if tls then
    ok, reason = socket:sslhandshake(nil, tls.name, tls.verify)
    if not ok then
      return false, reason == "timeout" and reason or "TLS: " .. tostring(reason)
    end
  end
  if health.protocol == "tcp" then
    return true, "connected"
  end
  if spoken[health.protocol] then
    return greeting(socket, spoken[health.protocol])
  end
  local is_grpc = health.protocol == "grpc"
  socket:send(is_grpc and grpc.question(health.host or member.address, health.service or "", health.headers)
    or http_question(member, health))
  return (is_grpc and grpc_answer or http_answer)(socket, limit)
end

-- One check of at most so many milliseconds, on a new connection, as a new client's would be: whether it passed (nil: it could not be
-- made), why (not), and by how many seconds it overran.
function M.run(member, health, timeout)
  local limit = clock.now() + timeout / 1000
  local socket = ngx.socket.tcp()
  give_time(socket, limit)
  local passed, why = ask(socket, member, health, limit)
  socket:close()
  return passed, why, clock.now() - limit
end

-- Called by nginx for a check that it makes.
M.balance = through.balance

return M
