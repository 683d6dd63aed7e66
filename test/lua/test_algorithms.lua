local algorithms = require("hotspare.algorithms")
local hash = require("hotspare.hash")

local function pool(weights)
  local list = {}
  for i, weight in ipairs(weights) do
    local key = "web-" .. i
    list[i] = { key = key, weight = weight, seed = hash.text(key) }
  end
  return list
end

local function idle()
  return 0
end

local function request(key)
  return { tried = {}, key = key, load = idle }
end

-- Share of each member over n requests, in percent.
local function shares(kind, list, n)
  local algorithm, counts = algorithms[kind](), {}
  for i = 1, n do
    local member = algorithm.pick(list, request("/item/" .. i))
    counts[member.key] = (counts[member.key] or 0) + 1
  end
  for key, count in pairs(counts) do
    counts[key] = count * 100 / n
  end
  return counts
end

local function expect_shares(kind, weights, by_weight)
  local list, total = pool(weights), 0
  for _, weight in ipairs(weights) do
    total = total + (by_weight and weight or 1)
  end
  local got = shares(kind, list, 100000)
  for i, weight in ipairs(weights) do
    local want = 100 * (by_weight and weight or 1) / total
    expect(math.abs((got["web-" .. i] or 0) - want) < 1, "%s: web-%d has %.2f %%, not %.2f", kind, i, got["web-" .. i] or 0, want)
  end
end

for _, weights in ipairs({ { 1, 1, 1 }, { 3, 2, 1, 1 }, { 10, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5 } }) do
  local name = table.concat(weights, ":")
  for _, kind in ipairs({ "weighted-round-robin", "least-connections", "two-choices", "consistent-hash", "ip-hash" }) do
    test(kind .. " shares by weight " .. name .. " within 1 point", function() expect_shares(kind, weights, true) end)
  end
  test("round-robin shares evenly, whatever the weights " .. name, function() expect_shares("round-robin", weights, false) end)
end

test("weighted-round-robin interleaves 3:1:1", function()
  local algorithm, list, order = algorithms["weighted-round-robin"](), pool({ 3, 1, 1 }), {}
  for i = 1, 5 do
    order[i] = algorithm.pick(list, request()).key:sub(-1)
  end
  expect(table.concat(order) == "12131", "order is %s", table.concat(order))
end)

test("least-connections prefers the least busy per weight", function()
  local open = { ["web-1"] = 5, ["web-2"] = 4, ["web-3"] = 1 }
  local asked = { tried = {}, load = function(member) return open[member.key] end }
  local algorithm = algorithms["least-connections"]()
  expect(algorithm.pick(pool({ 1, 1, 1 }), asked).key == "web-3", "not the least busy")
  expect(algorithm.pick(pool({ 10, 1, 1 }), asked).key == "web-1", "weight was not honoured")
end)

test("two-choices keeps the busiest below the average plus a few", function()
  local algorithm, list, open = algorithms["two-choices"](), pool({ 1, 1, 1, 1, 1, 1, 1, 1 }), {}
  local asked = { tried = {}, load = function(member) return open[member.key] or 0 end }
  for _ = 1, 8000 do
    local key = algorithm.pick(list, asked).key
    open[key] = (open[key] or 0) + 1
  end
  for key, count in pairs(open) do
    expect(math.abs(count - 1000) <= 10, "%s has %d of 1000 ± 10", key, count)
  end
end)

for _, kind in ipairs({ "consistent-hash", "ip-hash" }) do
  test(kind .. " moves only the keys of the member that goes, at most 1.3/N", function()
    for _, n in ipairs({ 2, 3, 5, 12 }) do
      local weights = {}
      for i = 1, n do
        weights[i] = 1
      end
      local all, less = pool(weights), pool(weights)
      local gone = table.remove(less, 2).key
      local algorithm, keys, moved = algorithms[kind](), 20000, 0
      for i = 1, keys do
        local before = algorithm.pick(all, request("/item/" .. i)).key
        local after = algorithm.pick(less, request("/item/" .. i)).key
        if before ~= after then
          moved = moved + 1
          expect(before == gone, "a key of %s moved when %s went", before, gone)
        end
      end
      expect(moved <= keys * 1.3 / n, "N=%d: %d of %d keys moved", n, moved, keys)
    end
  end)

  test(kind .. " stays with its member, and a retry goes to another", function()
    local algorithm, list = algorithms[kind](), pool({ 1, 2, 3 })
    for i = 1, 100 do
      local asked = request("10.0.0." .. i)
      local first = algorithm.pick(list, asked).key
      expect(algorithm.pick(list, asked).key == first, "another member without a reason")
      asked.tried[first] = true
      expect(algorithm.pick(list, asked).key ~= first, "the same member again")
    end
  end)
end

test("every algorithm leaves out what was tried, and says when all were", function()
  for kind, make in pairs(algorithms) do
    local algorithm, list, asked = make(), pool({ 1, 2, 3 }), request("/a")
    for i = 1, 3 do
      local member = algorithm.pick(list, asked)
      expect(member and not asked.tried[member.key], "%s: try %d", kind, i)
      asked.tried[member.key] = true
    end
    expect(algorithm.pick(list, asked) == nil, "%s: a fourth of three", kind)
  end
end)

test("a pick among 12 members costs less than 20 µs", function()
  for kind, make in pairs(algorithms) do
    local algorithm, list = make(), pool({ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })
    local asked, begin = request("/some/path/of/usual/length?with=query"), os.clock()
    for _ = 1, 100000 do
      algorithm.pick(list, asked)
    end
    local each = (os.clock() - begin) * 10
    print(string.format("# %-22s %.2f µs", kind, each))
    expect(each < 20, "%s: %.2f µs", kind, each)
  end
end)
