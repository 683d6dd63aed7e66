local buckets = require("hotspare.buckets")
local learned = require("hotspare.learned")

local function slow(...)
  local counts = {}
  for _, seconds in ipairs({ ... }) do
    local bucket = buckets.of(seconds)
    counts[bucket] = (counts[bucket] or 0) + 1
  end
  return counts
end

local function gives(name, want, seen, counts)
  test(name, function()
    local got = learned.patience(seen, counts)
    local near = got == want or (got and want and math.abs(got - want) <= want * 0.11)
    expect(near, "it gives %s, not %s", tostring(got), tostring(want))
  end)
end

gives("of a few answers nothing is learned", nil, 99, {})
gives("a route that is quick is given a second", 1, 100, {})
gives("a page of 5 s among a hundred answers is given three times as much", 15, 100, slow(5))
gives("one of a thousand may be slower", 1, 1000, slow(5))
gives("two of a thousand may not", 15, 1000, slow(5, 5))
gives("the slower ones of many count", 6, 3000, slow(40, 30, 20, 2, 2, 1))
gives("what takes 0.4 s is given 1.2 s", 1.2, 100, slow(0.4))

test("nothing that counts as quick would need more than a second", function()
  expect(learned.factor * buckets.upper(learned.first_slow - 1) <= learned.least * 1.1, "a border")
end)

test("a try is given ten seconds as long as nothing is known", function()
  expect(learned.of_try(nil, false, 60) == 10, "the first")
  expect(learned.of_try(nil, true, 60) == 10, "the last")
end)

test("the last try is given ten seconds at least, since nobody is asked after it", function()
  expect(learned.of_try(1, false, 60) == 1, "not the last")
  expect(learned.of_try(1, true, 60) == 10, "the last")
  expect(learned.of_try(15, true, 60) == 15, "the last of a slow route")
end)

test("no try is given more than the route's limit", function()
  expect(learned.of_try(nil, true, 2) == 2, "nothing known")
  expect(learned.of_try(300, false, 60) == 60, "a slow route")
end)
