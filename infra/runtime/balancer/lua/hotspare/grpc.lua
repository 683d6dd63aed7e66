-- gRPC's health protocol (grpc.health.v1.Health/Check) over HTTP/2 in clear: as much of both as one question needs. Pure; the caller
-- has the socket.

local bit = require("bit")

local M = {}

-- Frame types and flags of RFC 9113, 6.
local data, headers, rst_stream, settings, ping, goaway = 0, 1, 3, 4, 6, 7
local end_stream, ack, end_headers, padded = 1, 1, 4, 8

local words = { [0] = "UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN" }

local function number(value, bytes)
  local text = {}
  for i = bytes, 1, -1 do
    text[i] = string.char(value % 256)
    value = math.floor(value / 256)
  end
  return table.concat(text)
end

function M.frame(kind, flags, stream, payload)
  return number(#payload, 3) .. string.char(kind, flags) .. number(stream, 4) .. payload
end

-- An integer with a prefix of 7 bits (RFC 7541, 5.1), which also is a varint of protobuf for what is below 127.
local function length(value)
  if value < 127 then
    return string.char(value)
  end
  local text, rest = string.char(127), value - 127
  while rest >= 128 do
    text, rest = text .. string.char(rest % 128 + 128), math.floor(rest / 128)
  end
  return text .. string.char(rest)
end

local function varint(value)
  local text = ""
  while value >= 128 do
    text, value = text .. string.char(value % 128 + 128), math.floor(value / 128)
  end
  return text .. string.char(value)
end

local function literal(text)
  return length(#text) .. text
end

-- A HealthCheckRequest, as gRPC sends messages.
function M.message(service)
  local message = service == "" and "" or "\10" .. varint(#service) .. service
  return "\0" .. number(#message, 4) .. message
end

-- All that is sent: preface, settings, and the question.
function M.question(host, service, more)
  local block = "\131\134" -- :method POST, :scheme http, by their places in the static table
    .. "\4" .. literal("/grpc.health.v1.Health/Check")
    .. "\1" .. literal(host)
    .. "\15\16" .. literal("application/grpc") -- content-type
    .. "\0" .. literal("te") .. literal("trailers")
    .. "\15\43" .. literal("hotspare-health") -- user-agent
  for name, value in pairs(more or {}) do
    block = block .. "\0" .. literal(name:lower()) .. literal(value)
  end
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" .. M.frame(settings, 0, 0, "")
    .. M.frame(headers, end_headers, 1, block)
    .. M.frame(data, end_stream, 1, M.message(service))
end

-- The length, type and flags of a frame by its first 9 bytes.
function M.head(text)
  local a, b, c, kind, flags = text:byte(1, 5)
  return a * 65536 + b * 256 + c, kind, flags
end

-- The status in a HealthCheckResponse: field 1, a varint; it is left out when it is 0.
local function status_of(message)
  if message == "" then
    return 0
  end
  return message:byte(1) == 8 and message:byte(2) or nil
end

-- What a body says as far as it is there: whether the check passed (nil: not yet known), and why.
function M.verdict(body)
  local a, b, c, d = body:byte(2, 5)
  local size = d and a * 16777216 + b * 65536 + c * 256 + d
  if not size or #body < 5 + size then
    return nil
  end
  local status = status_of(body:sub(6, 5 + size))
  return status == 1, "gRPC " .. (words[status] or "status unknown")
end

M.no_answer = "gRPC: no answer of its health protocol"

-- What a frame says: whether the check passed (nil: not known yet), why, and what must be answered.
-- `so_far` is a table that the caller keeps for a check.
function M.take(so_far, kind, flags, payload)
  if kind == settings and bit.band(flags, ack) == 0 then
    return nil, nil, M.frame(settings, ack, 0, "")
  elseif kind == ping and bit.band(flags, ack) == 0 then
    return nil, nil, M.frame(ping, ack, 0, payload)
  elseif kind == rst_stream or kind == goaway then
    return false, kind == goaway and "gRPC: the connection is refused" or "gRPC: the stream is refused"
  elseif kind == data then
    if bit.band(flags, padded) ~= 0 then
      payload = payload:sub(2, #payload - payload:byte(1))
    end
    so_far.body = (so_far.body or "") .. payload
    local passed, why = M.verdict(so_far.body)
    if passed ~= nil then
      return passed, why
    end
  end
  if (kind == data or kind == headers) and bit.band(flags, end_stream) ~= 0 then
    return false, M.no_answer
  end
  return nil
end

return M
