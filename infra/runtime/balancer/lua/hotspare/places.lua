-- Where members may be. A document of members leads all traffic, so none of its addresses may be the balancer's own, where its
-- status is read, nor one that means "here" or "this link" on any machine: credentials of clouds are at link-local addresses.

local M = {}

-- The number of an IPv4 address, or nil.
function M.number(text)
  local number = 0
  local a, b, c, d = tostring(text):match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  for _, part in ipairs({ a or "x", b, c, d }) do
    -- A leading zero reads as octal elsewhere.
    if not tonumber(part) or tonumber(part) > 255 or part:find("^0%d") then
      return nil
    end
    number = number * 256 + tonumber(part)
  end
  return number
end

-- Networks in which no other machine can be (RFC 6890): this host, loopback, link-local, multicast and what is reserved.
local nowhere = { { 0, 8 }, { 127, 8 }, { 169 * 256 + 254, 16 }, { 14, 4 }, { 15, 4 } }

function M.is_nowhere(number)
  for _, network in ipairs(nowhere) do
    if math.floor(number / 2 ^ (32 - network[2])) == network[1] then
      return true
    end
  end
  return false
end

-- A function that says what is wrong with an address, or nil: it has to be in one of the networks (a text with spaces between
-- them; nil or none: anywhere), and `own` must not know it.
function M.within(networks, own)
  local list = {}
  for base, prefix in (networks or ""):gmatch("([%d.]+)/(%d+)") do
    list[#list + 1] = { base = M.number(base), size = 2 ^ (32 - tonumber(prefix)) }
  end
  return function(address)
    local number = M.number(address)
    if own and own(address) then
      return "is an address of the balancer itself"
    end
    for _, network in ipairs(list) do
      if number >= network.base and number < network.base + network.size then
        return nil
      end
    end
    return #list > 0 and "is not in the cluster's network " .. networks or nil
  end
end

return M
