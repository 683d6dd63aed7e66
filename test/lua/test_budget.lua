local budget = require("hotspare.budget")

-- So many requests at once, of which each asks for a retry when it has begun; how many were made.
local function failing(pool, requests, now)
  local made = 0
  for _ = 1, requests do
    pool:ask(now)
    if pool:promise(now) then
      pool:keep(now)
      made = made + 1
    end
  end
  return made
end

test("a few retries are free, however few requests there are", function()
  local pool = budget.new(0.2)
  expect(failing(pool, 5, 100) == 5, "the first five are")
  expect(failing(pool, 15, 100) == 0, "then not up to 25 requests")
end)

test("of many requests that all fail a fifth is asked again", function()
  local pool = budget.new(0.2)
  local made = 0
  for second = 1, 60 do
    made = made + failing(pool, 100, second)
  end
  expect(made >= 1100 and made <= 1200, "%d of 6000", made)
end)

test("what is promised counts until it is given back", function()
  local pool = budget.new(0.2)
  local promised = 0
  for _ = 1, 1000 do
    pool:ask(5)
  end
  for _ = 1, 1000 do
    promised = promised + (pool:promise(5) and 1 or 0)
  end
  expect(promised == 200, "%d at the same moment", promised)
  for _ = 1, promised do
    pool:give_back()
  end
  expect(pool:promise(5), "after they were given back there is room")
end)

test("what is promised and not made is lent, until the budget is used up", function()
  local pool = budget.new(0.2)
  for _ = 1, 5 do
    expect(pool:promise(5), "the free ones")
  end
  expect(not pool:promise(5) and pool:lends(5), "the sixth is lent")
  for _ = 1, 5 do
    pool:keep(5)
  end
  expect(not pool:lends(5), "all were made")
  pool:spend(5)
  expect(pool.again == 6 and pool.promised == 0, "%d again, %d promised", pool.again, pool.promised)
  expect(pool:lends(16), "ten seconds later")
end)

test("after ten seconds nothing of it counts", function()
  local pool = budget.new(0.2)
  expect(failing(pool, 100, 50.9) == 20, "of a hundred")
  expect(failing(pool, 1, 59.9) == 0, "within ten seconds")
  expect(failing(pool, 5, 60.1) == 5, "after them the free ones are back")
  expect(pool.asked == 6 and pool.again == 5, "%d asked, %d again", pool.asked, pool.again)
end)

test("a budget bears a clock that is set back, and one that stood still", function()
  local pool = budget.new(0.2)
  failing(pool, 100, 1000)
  expect(failing(pool, 5, 10) == 5, "set back")
  expect(failing(pool, 5, 1e9) == 5, "far ahead")
  expect(pool.asked == 5, "%d asked", pool.asked)
end)

test("random requests never have more retries than the budget gives, and in the end nothing is held", function()
  local pool, now, held = budget.new(0.2), 0, 0
  local asked, again = {}, {}
  for _ = 1, 20000 do
    now = now + math.random() * 0.02
    pool:ask(now)
    asked[#asked + 1] = math.floor(now)
    if pool:promise(now) then
      held = held + 1
    end
    if held > 0 and math.random() < 0.7 then
      held = held - 1
      if math.random() < 0.5 then
        pool:keep(now)
        again[#again + 1] = math.floor(now)
      else
        pool:give_back()
      end
    end
  end
  for _ = 1, held do
    pool:give_back()
  end
  expect(pool.promised == 0, "%d are held", pool.promised)
  local function within(list, second)
    local count = 0
    for _, at in ipairs(list) do
      count = count + ((at <= second and at > second - budget.window) and 1 or 0)
    end
    return count
  end
  for second = 1, math.floor(now) do
    -- One that was promised is made later, when the requests that allowed it may be over.
    local most = math.max(budget.free, 0.2 * (within(asked, second) + within(asked, second - 1)))
    expect(within(again, second) <= most, "%d retries at %d", within(again, second), second)
  end
end)
