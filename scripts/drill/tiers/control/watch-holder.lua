-- Runs in a balancer during a drill, by luajit: tells whether a network card has the virtual address (HOTSPARE_ADDRESS).
--   h <time> <0|1>   at every change, and ten times a second as a sign of life
-- Asks the kernel as the balancer itself does. Its input is its clock and its end: it waits on it for 20 ms a round, and stops
-- when it is closed.
package.path = "/usr/lib/hotspare/lua/?.lua;" .. package.path
local ffi = require("ffi")
local addresses = require("hotspare.addresses")
ffi.cdef([[
  struct watch_poll { int fd; short events; short revents; };
  int poll(struct watch_poll *list, unsigned long count, int timeout);
  struct watch_time { long seconds; long microseconds; };
  int gettimeofday(struct watch_time *now, void *zone);
]])
local input = ffi.new("struct watch_poll[1]", { { fd = 0, events = 1 } })
local now = ffi.new("struct watch_time[1]")
local address, last, beat = os.getenv("HOTSPARE_ADDRESS"), nil, 0
io.stdout:setvbuf("line")
repeat
  local holds = addresses.holds(address) and 1 or 0
  if holds ~= last or beat >= 5 then
    ffi.C.gettimeofday(now, nil)
    io.write(string.format("h %d.%06d %d\n", tonumber(now[0].seconds), tonumber(now[0].microseconds), holds))
    last, beat = holds, 0
  end
  beat = beat + 1
until ffi.C.poll(input, 1, 20) ~= 0
