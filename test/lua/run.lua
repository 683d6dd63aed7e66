-- Runs the test files beside this one by plain luajit, in a container of the balancer image. One line a test: `ok name`
-- or `not ok name: why`; exit 1 when one fails.

local here = arg[0]:match("^(.*)/") or "."
package.path = "/usr/lib/hotspare/lua/?.lua;/usr/lib/hotspare/lua/?/init.lua;" .. here .. "/?.lua;" .. package.path
math.randomseed(20261)

local failed = 0

function test(name, body)
  local ok, why = pcall(body)
  if ok then
    print("ok " .. name)
  else
    failed = failed + 1
    print("not ok " .. name .. ": " .. tostring(why))
  end
end

function expect(condition, message, ...)
  if not condition then
    error(string.format(message, ...), 2)
  end
end

-- Names of files may be given; left out: all of the balancer's.
for _, file in ipairs(#arg > 0 and arg or {
  "algorithms", "awareness", "buckets", "budget", "candidates", "director", "disk", "document", "greetings", "grpc", "learned", "leaving", "overlay", "paths",
  "streak", "verdict",
}) do
  require("test_" .. file)
end
os.exit(failed == 0 and 0 or 1)
