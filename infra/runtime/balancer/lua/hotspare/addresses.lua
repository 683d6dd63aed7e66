-- Which addresses the network cards have, asked of the kernel: the state that keepalived wrote may be old when keepalived
-- died.

local ffi = require("ffi")

ffi.cdef([[
  struct hotspare_address { uint16_t family; uint16_t port; uint8_t bytes[4]; };
  struct hotspare_card {
    struct hotspare_card *next; const char *name; unsigned int flags; struct hotspare_address *address;
    void *netmask; void *other; void *data;
  };
  int getifaddrs(struct hotspare_card **list);
  void freeifaddrs(struct hotspare_card *list);
]])

local M = {}
local ipv4 = 2

-- Whether a card has this IPv4 address. About 30 µs.
local function has_card(address, loopback_too)
  local list = ffi.new("struct hotspare_card *[1]")
  if ffi.C.getifaddrs(list) ~= 0 then
    return false
  end
  local found, card = false, list[0]
  while card ~= nil and not found do
    local has = card.address
    if has ~= nil and has.family == ipv4 and (loopback_too or ffi.string(card.name) ~= "lo") then
      local bytes = has.bytes
      found = address == string.format("%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3])
    end
    card = card.next
  end
  ffi.C.freeifaddrs(list[0])
  return found
end

-- Whether a card other than the loopback has it: the virtual address stays on that one on every balancer.
function M.holds(address)
  return has_card(address, false)
end

-- Whether any card has it.
function M.own(address)
  return has_card(address, true)
end

return M
