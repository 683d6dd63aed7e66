-- Whether the balancer takes each document of a list, as a JSON list of true and false.

package.path = "/usr/lib/hotspare/lua/?.lua;/usr/lib/hotspare/lua/?/init.lua;" .. package.path
local cjson = require("cjson")
local document = require("hotspare.document")

local handle = assert(io.open(arg[1], "r"))
local accepted = {}
for i, text in ipairs(cjson.decode(handle:read("*a"))) do
  accepted[i] = #document.problems(cjson.decode(text)) == 0
end
print(cjson.encode(accepted))
