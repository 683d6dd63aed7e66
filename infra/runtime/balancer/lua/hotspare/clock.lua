-- The time that it really is. ngx.now() is when nginx last asked, and ngx.update_time() must not be called: nginx then ends, after the events
-- that it is at, all waits that were up meanwhile, without a look whether what they wait for is there. In a worker that was late by
-- 250 ms every connection just begun to a node would have "timed out".

local ffi = require("ffi")

ffi.cdef([[
struct hotspare_timespec { long seconds; long nanoseconds; };
int clock_gettime(int clock, struct hotspare_timespec *time);
]])

local M = {}

local realtime = 0
local time = ffi.new("struct hotspare_timespec")

-- Seconds since 1970, to be held against ngx.now().
function M.now()
  ffi.C.clock_gettime(realtime, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

return M
