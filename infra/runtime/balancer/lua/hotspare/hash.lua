-- 32-bit hashing without a library, in operations that LuaJIT compiles.

local bit = require("bit")
local band, bxor, lshift, rshift, tobit = bit.band, bit.bxor, bit.lshift, bit.rshift, bit.tobit
local byte = string.byte

local M = {}

-- Product of two 32-bit numbers modulo 2^32: in two halves, because a double is exact only up to 2^53.
local function multiply(a, b)
  return tobit(band(a, 0xffff) * b + lshift(band(rshift(a, 16) * b, 0xffff), 16))
end

-- Final mixing step of MurmurHash3: each bit of the input changes about half of the output's bits.
function M.mix(h)
  h = bxor(h, rshift(h, 16))
  h = multiply(h, 0x85ebca6b)
  h = bxor(h, rshift(h, 13))
  h = multiply(h, 0xc2b2ae35)
  return bxor(h, rshift(h, 16))
end

-- FNV-1a over the bytes of a text, mixed.
function M.text(text)
  local h = tobit(0x811c9dc5)
  for i = 1, #text do
    h = multiply(bxor(h, byte(text, i)), 0x01000193)
  end
  return M.mix(h)
end

-- A hash as a number between 0 and 1, both excluded.
function M.unit(h)
  return (rshift(h, 1) + 0.5) / 2147483648
end

return M
