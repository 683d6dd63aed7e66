-- Maintenance: clients are answered 503 by the balancer itself, with a page that a person may have given, and no node is asked. Clients
-- from allowed addresses pass. Pure but for `closes` and `answer`.

local errors = require("hotspare.errors")
local places = require("hotspare.places")

local M = {}

-- Bytes of a page at most: it is kept in the memory that the members have, and read whole with each change.
M.largest_page = 65536
M.most_allowed = 64

local keys = { since = true, by = true, reason = true, retryAfter = true, allowed = true, page = true }

local function text(value, most)
  return type(value) == "string" and #value <= most
end

-- {base, size} of a network such as 192.0.2.0/24, or nil.
local function network(value)
  local base, prefix = tostring(value):match("^([%d.]+)/(%d%d?)$")
  local number = base and places.number(base)
  if not number or tonumber(prefix) > 32 then
    return nil
  end
  local size = 2 ^ (32 - tonumber(prefix))
  return { base = math.floor(number / size) * size, size = size }
end

-- What is wrong with it, or nil.
function M.problem(said)
  if type(said) ~= "table" or #said > 0 then
    return "must be an object"
  end
  for key in pairs(said) do
    if not keys[key] then
      return "unknown key " .. tostring(key)
    end
  end
  if not text(said.since, 40) or not text(said.by, 253) or not text(said.reason or "", 1000) then
    return "must have since and by as texts, and may have a reason of at most 1000 bytes"
  end
  local after = said.retryAfter
  if type(after) ~= "number" or after % 1 ~= 0 or after < 1 or after > 604800 then
    return "retryAfter must be a whole number of seconds from 1 to 604800"
  end
  if not text(said.page or "", M.largest_page) then
    return "page must be a text of at most " .. M.largest_page .. " bytes"
  end
  if type(said.allowed) ~= "table" or #said.allowed > M.most_allowed then
    return "allowed must be a list of at most " .. M.most_allowed .. " networks"
  end
  for _, value in pairs(said.allowed) do
    if not network(value) then
      return "allowed: " .. tostring(value):sub(1, 40) .. " is no IPv4 network such as 192.0.2.0/24"
    end
  end
  return nil
end

-- Made ready for requests.
function M.compile(said)
  if not said then
    return nil
  end
  local networks = {}
  for _, value in ipairs(said.allowed) do
    networks[#networks + 1] = network(value)
  end
  return { retry_after = said.retryAfter, page = said.page, networks = networks }
end

-- Whether a client of this address passes.
function M.passes(compiled, address)
  local number = places.number(address)
  for _, allowed in ipairs(compiled.networks) do
    if number and number >= allowed.base and number < allowed.base + allowed.size then
      return true
    end
  end
  return false
end

-- What is told of it, without the page.
function M.told(said)
  return said and { since = said.since, by = said.by, reason = said.reason, retryAfter = said.retryAfter, allowed = said.allowed }
end

-- Called when a client's request begins, before anything of it is looked at: "1" where it is refused. Costs one look-up where there is
-- no maintenance.
function M.closes()
  local compiled = require("hotspare.members").maintenance()
  return compiled and not M.passes(compiled, ngx.var.remote_addr) and "1" or ""
end

-- Called for a request that is refused.
function M.answer()
  -- A body that nobody reads would be taken for the next request.
  ngx.req.discard_body()
  local compiled = require("hotspare.members").maintenance() or {}
  return errors.closed(compiled.page, compiled.retry_after)
end

return M
