local buckets = require("hotspare.buckets")

local function at(seconds)
  return buckets.upper(buckets.of(seconds))
end

test("a duration is in a bucket that ends at most a tenth above it, and the one below ends under it", function()
  for milliseconds = 2, 99999, 7 do
    local seconds = milliseconds / 1000
    local bucket = buckets.of(seconds)
    expect(buckets.upper(bucket) >= seconds - 1e-6, "%f is beyond its bucket", seconds)
    expect(buckets.upper(bucket - 1) < seconds, "%f belongs into a lower bucket", seconds)
    if seconds > 0.02 then
      expect(buckets.upper(bucket) <= seconds * 1.11, "%f is told as %f", seconds, buckets.upper(bucket))
    end
  end
end)

test("whole powers of ten are borders, whatever the clock's last digit", function()
  for _, seconds in ipairs({ 0.001, 0.01, 0.1, 1, 10, 100 }) do
    expect(at(seconds) == seconds, "%f is told as %f", seconds, at(seconds))
    expect(at(seconds + 1e-7) == seconds, "%.9f is told as %f", seconds + 1e-7, at(seconds + 1e-7))
    expect(at(seconds - 1e-7) == seconds, "%.9f is told as %f", seconds - 1e-7, at(seconds - 1e-7))
  end
  expect(at(1.001) > 1, "more than a second is told as %f", at(1.001))
end)

test("nothing, less than nothing (a clock that was set) and ages have a bucket", function()
  expect(buckets.of(0) == 0 and buckets.of(-5) == 0, "%d and %d", buckets.of(0), buckets.of(-5))
  expect(buckets.of(1e9) == buckets.last, "%d", buckets.of(1e9))
  expect(buckets.last + 1 <= 150, "%d values are more than CloudWatch takes at once", buckets.last + 1)
end)
