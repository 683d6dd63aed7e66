-- What servers say first that don't speak HTTP: as much of their protocols as tells whether one can serve. Pure; the caller has the
-- socket.

local M = {}

local function number(text, from, bytes, little)
  local value = 0
  for i = 0, bytes - 1 do
    local byte = text:byte(from + (little and bytes - 1 - i or i))
    if not byte then
      return nil
    end
    value = value * 256 + byte
  end
  return value
end

local function printable(text)
  return (text:sub(1, 100):gsub("[^ -~]", "?"))
end

-- MySQL and MariaDB speak first: a packet with version 10 of the protocol and the server's own, or an error (MySQL internals,
-- Protocol::HandshakeV10 and ERR_Packet).
M.mysql = { head = 4, most = 4096 }

function M.mysql.length(head)
  return number(head, 1, 3, true)
end

function M.mysql.take(_, payload)
  local first = payload:byte(1)
  if first == 10 then
    return true, "MySQL " .. printable(payload:match("^.([^%z]*)"))
  end
  if first == 255 then
    return false, string.format("MySQL error %d: %s", number(payload, 2, 2, true) or 0, printable(payload:sub(4)))
  end
  return false, "no greeting of MySQL"
end

-- PostgreSQL is asked to begin a session (PostgreSQL, Message Formats: StartupMessage). Who asks for a password can serve, and so can who
-- knows no such user; who is starting, stopping, or full says so by another error.
M.postgres = { head = 5, most = 8192 }

local parameters = "user\0hotspare\0database\0hotspare\0application_name\0hotspare\0\0"

M.postgres.question = "\0\0\0" .. string.char(8 + #parameters) .. "\0\3\0\0" .. parameters

function M.postgres.length(head)
  local kind, length = head:sub(1, 1), number(head, 2, 4)
  return (kind == "R" or kind == "E") and length >= 4 and length - 4 or nil
end

-- SQLSTATE of who was asked and is there: the user, its password or its way in (class 28), and the database (3D000).
local function is_there(state)
  return state:sub(1, 2) == "28" or state == "3D000"
end

function M.postgres.take(head, payload)
  if head:sub(1, 1) == "R" then
    return true, "PostgreSQL"
  end
  local state, text = "", ""
  for field, value in payload:gmatch("(%a)([^%z]*)%z") do
    if field == "C" then
      state = value
    elseif field == "M" then
      text = value
    end
  end
  return is_there(state), string.format("PostgreSQL: %s (%s)", printable(text), printable(state))
end

-- DNS over UDP (RFC 1035, 4.1): the zone's own record is asked for. "" is the root.
local soa, internet = 6, 1

function M.dns_question(zone, id)
  local name = zone:gsub("%.$", ""):gsub("([^.]+)%.?", function(label) return string.char(#label) .. label end)
  return string.char(math.floor(id / 256), id % 256) .. "\1\0\0\1\0\0\0\0\0\0" .. name .. "\0\0" .. string.char(soa) .. "\0"
    .. string.char(internet)
end

local codes = { [0] = "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED" }

function M.dns(answer, id)
  local second, third = answer:byte(3), answer:byte(4)
  if not third or number(answer, 1, 2) ~= id or second < 128 then
    return false, "no answer of DNS"
  end
  local code = third % 16
  return code == 0, "DNS " .. (codes[code] or code)
end

return M
