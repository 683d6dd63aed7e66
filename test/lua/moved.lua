-- How many of 200,000 keys go to another member when a pool changes, by the balancer's own algorithm:
--
--   luajit moved.lua <kind> <before> <after>      before, after: members with their weights, e.g. web-1=3,web-2=1
--
-- Prints the part that moved, 0–1.

package.path = "/usr/lib/hotspare/lua/?.lua;/usr/lib/hotspare/lua/?/init.lua;" .. package.path

local algorithms = require("hotspare.algorithms")
local hash = require("hotspare.hash")

local function members(text)
  local list = {}
  for key, weight in text:gmatch("([^=,]+)=(%d+)") do
    list[#list + 1] = { key = key, weight = tonumber(weight), seed = hash.text(key) }
  end
  return list
end

local algorithm = algorithms[arg[1]]()
local before, after = members(arg[2]), members(arg[3])
local keys, moved = 200000, 0
for i = 1, keys do
  local function home(list)
    return algorithm.pick(list, { tried = {}, key = "/item/" .. i }).key
  end
  if home(before) ~= home(after) then
    moved = moved + 1
  end
end
print(moved / keys)
