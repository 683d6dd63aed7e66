local streak = require("hotspare.streak")

-- Runs checks ("+" passed, "-" failed) and writes down what is known after each: W well, I ill, ? not known.
local function run(known, checks, fall, rise, first)
  local count, told = 0, {}
  for check in checks:gmatch(".") do
    known, count = streak.next(known, count, check == "+", fall, rise, first)
    told[#told + 1] = known == nil and "?" or (known and "W" or "I")
  end
  return table.concat(told)
end

local function expect_run(known, checks, want, fall, rise, first)
  local got = run(known, checks, fall or 2, rise or 2, first or 0)
  expect(got == want, "%s gives %s, not %s", checks, got, want)
end

test("a new member is well at its first passed check", function() expect_run(nil, "+", "W") end)
test("a new member is ill after `fall` failed ones", function() expect_run(nil, "--", "?I") end)
test("a new member's failed checks need not be in a row to wait on", function() expect_run(nil, "-+", "?W") end)
test("one failed check is not enough", function() expect_run(true, "-+-+-+", "WWWWWW") end)
test("`fall` failed checks in a row take it out", function() expect_run(true, "--", "WI") end)
test("`rise` passed checks in a row bring it back", function() expect_run(false, "+-++", "IIIW") end)
test("fall and rise of 1 follow every check", function() expect_run(true, "-+-", "IWI", 1, 1) end)
test("a new member may fail `first` checks", function() expect_run(nil, "---+--", "???WWI", 2, 2, 4) end)
test("and is ill after them", function() expect_run(nil, "----", "???I", 2, 2, 4) end)
test("`first` is for new members only", function() expect_run(true, "--", "WI", 2, 2, 4) end)
