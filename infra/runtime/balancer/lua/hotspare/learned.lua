-- From the times of a route to the patience of one try: pure. The times are counted in the buckets of buckets.lua, and only
-- those that are slow have one; of the others it is enough to know how many there were.

local buckets = require("hotspare.buckets")

local M = {}

-- Seconds: what every try gets, and what one gets before anything is known. So many times the slowest of a thousand, since
-- what takes 300 ms takes a second when a machine is busy.
M.least, M.unknown, M.factor = 1, 10, 3
-- Fewer say nothing: one slow page in ten would not have come yet.
M.enough = 100
-- Of these as many may be slower as the patience of a try cuts off.
local rare = 0.001

-- The first bucket whose times would need more than the least patience.
M.first_slow = buckets.of(M.least / M.factor) + 1

-- seen: how many there were. slow: count by bucket, from first_slow on. Returns seconds, or nil when there were too few.
function M.patience(seen, slow)
  if seen < M.enough then
    return nil
  end
  local allowed, beyond = math.floor(rare * seen), 0
  for bucket = buckets.last, M.first_slow, -1 do
    beyond = beyond + (slow[bucket] or 0)
    if beyond > allowed then
      return math.max(M.least, M.factor * buckets.upper(bucket))
    end
  end
  return M.least
end

-- Seconds for one try. known: what was learned, or nil. last: nobody else may be asked after it. limit: the route's readTimeout.
--
-- To leave a node early is for asking another. Where there is no other, a client would have an error in place of a late answer.
function M.of_try(known, last, limit)
  local seconds = known or M.unknown
  if last and seconds < M.unknown then
    seconds = M.unknown
  end
  return math.min(seconds, limit)
end

return M
