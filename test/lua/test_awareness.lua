local awareness = require("hotspare.awareness")
local streak = require("hotspare.streak")

local function after(looks)
  local self = awareness.new()
  for _, look in ipairs(looks) do
    awareness.look(self, look[1] or 0, look[2] or 0, look[3] or 4, look[4])
  end
  return self
end

local late, calm = { 0.2 }, { 0 }

test("a worker on time trusts its checks as they are", function()
  local self = after({ calm, calm, { 0.04 } })
  expect(self.score == 0, "score %d", self.score)
  expect(awareness.timeout(self, 150) == 150 and awareness.fall(self, 2) == 2, "patience without a reason")
end)

test("a late one has more patience with silence", function()
  local self = after({ late })
  expect(awareness.timeout(self, 150) == 300 and awareness.fall(self, 2) == 3, "timeout %d", awareness.timeout(self, 150))
end)

test("one of four silent members is that member's matter", function()
  expect(after({ { 0, 1, 4 } }).score == 0, "a single silent member")
  expect(after({ { 0, 1, 1 } }).score == 0, "the only member")
  expect(after({ { 0, 2, 4 } }).score == 0, "half of them")
end)

test("three of four at one moment are rather the worker's own", function()
  expect(after({ { 0, 3, 4 } }).score == 1, "a majority of silent members")
end)

test("it recovers quickly, and slowly where the machine has no processor to spare", function()
  local self = after({ late, late, calm, calm, calm, calm, calm, calm })
  expect(self.score == 0, "score %d after six calm looks", self.score)
  local pressed = { 0, 0, 4, 0.97 }
  self = after({ late, late, pressed, pressed, pressed, pressed, pressed, pressed })
  expect(self.score == 2, "score %d under pressure", self.score)
  for _ = 1, 2 * awareness.calm_under_pressure do
    awareness.look(self, 0, 0, 4, 0.97)
  end
  expect(self.score == 0, "score %d though all is calm", self.score)
end)

test("a timeout that is longer than the bound stays as it is", function()
  local self = after({ late, late, late })
  expect(awareness.timeout(self, 2000) == 2000, "timeout %d", awareness.timeout(self, 2000))
  expect(awareness.timeout(self, 600) == 1000, "timeout %d", awareness.timeout(self, 600))
end)

test("whatever a worker sees of itself, its patience is bounded and never below the stack's own", function()
  for _ = 1, 500 do
    local self = awareness.new()
    for _ = 1, math.random(1, 60) do
      local checked = math.random(0, 8)
      awareness.look(self, math.random() * math.random(0, 3), math.random(0, checked), checked, math.random() < 0.5 and math.random() or nil)
      expect(self.score >= 0 and self.score <= awareness.most, "score %d", self.score)
      local timeout = math.random(20, 3000)
      local patience = awareness.timeout(self, timeout)
      expect(patience >= timeout and patience <= math.max(timeout, awareness.longest), "%d ms become %d", timeout, patience)
      expect(patience <= timeout * (1 + awareness.most), "%d ms become %d", timeout, patience)
    end
    for _ = 1, awareness.most * awareness.calm_under_pressure do
      awareness.look(self, 0, 0, 4, 1)
    end
    expect(self.score == 0, "score %d after calm", self.score)
  end
end)

test("a silent node is found within 3 s with the default timers, however late the worker is", function()
  for _ = 1, 500 do
    local self, known, count, voids, time = awareness.new(), true, 0, 0, 0
    repeat
      awareness.look(self, math.random() < 0.7 and 0.2 or 0, 4, 4, 1)
      local overran = math.random() < 0.7 and 0.1 or 0
      time = time + math.max(0.2, awareness.timeout(self, 150) / 1000) + overran
      if awareness.void(overran, voids) then
        voids = voids + 1
      else
        known, count = streak.next(known, count, false, awareness.fall(self, 2), 2, 0)
      end
    until known == false
    expect(time <= 3, "it takes %.2f s", time)
  end
end)

test("only so many results are thrown away in a row", function()
  expect(awareness.void(0.2, 0) and awareness.void(0.2, 1), "a late worker trusts what it slept through")
  expect(not awareness.void(0.2, awareness.voids), "a dead node would never be found")
  expect(not awareness.void(0.01, 0), "on time")
end)

test("a refusal is no silence", function()
  expect(awareness.is_silence("timeout"), "timeout")
  for _, reason in ipairs({ "connection refused", "connection reset by peer", "no route to host", "closed", "HTTP 503", "no HTTP answer" }) do
    expect(not awareness.is_silence(reason), "%s", reason)
  end
end)

test("pressure is read from two looks at the kernel's count", function()
  local function text(total)
    return "some avg10=97.65 avg60=88.25 avg300=79.37 total=" .. total .. "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
  end
  expect(awareness.pressure(text(1000000), text(1950000), 1) == 0.95, "pressure")
  expect(awareness.pressure(nil, text(5), 1) == nil and awareness.pressure(text(5), nil, 1) == nil, "a kernel without it")
end)
