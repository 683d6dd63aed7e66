-- Buckets of durations on a logarithmic scale: pure. 24 to a factor of ten, so each is a tenth wider than the one before, and
-- 1, 10, 100 ms and 1, 10 s are borders: "longer than a second" is told exactly.

local M = {}

local per_decade = 24
-- Up to 100 s; what lasts longer is in the last one. CloudWatch takes 150 values at once.
M.last = 5 * per_decade

-- Number of the bucket of a duration in seconds; 0 is up to a millisecond, which is as fine as nginx's clock is.
function M.of(seconds)
  local milliseconds = math.floor(seconds * 1000 + 0.5)
  if milliseconds <= 1 then
    return 0
  end
  -- A border belongs to the bucket below it, whatever the logarithm's last digit is.
  return math.min(M.last, math.ceil(math.log10(milliseconds) * per_decade - 1e-9))
end

-- The longest duration of a bucket, in seconds.
function M.upper(bucket)
  return math.floor(10 ^ (bucket / per_decade) * 1000 + 0.5) / 1000000
end

return M
