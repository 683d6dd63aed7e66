local candidates = require("hotspare.candidates")
local cjson = require("cjson.safe")
local lease = require("hotspare.lease")
local maintenance = require("hotspare.maintenance")
local operator = require("hotspare.operator")
local overlay = require("hotspare.overlay")

local function parse(members, more)
  local document = { schema = 1, revision = 3, by = "warden-1", members = members }
  for key, value in pairs(more or {}) do
    document[key] = value
  end
  return overlay.parse(cjson.encode(document))
end

local function parse_operator(members)
  return operator.parse(cjson.encode({ schema = 1, revision = 3, by = "somebody", members = members }))
end

test("an overlay with all that it may have is taken", function()
  local decoded, problems = parse({ ["web-hot-1"] = { role = "active", reason = "web-1 is lost" }, ["web-cold-1"] = { role = "active" } })
  expect(decoded, "%s", problems and problems[1] and problems[1].message)
end)

test("the empty overlay is one, and so is one whose members went through a decoder as a list", function()
  expect(overlay.parse(overlay.empty), "refused")
  expect(parse({}), "refused")
end)

for name, wrong in pairs({
  ["a role that is none"] = { { a = { role = "warm" } } },
  ["somebody who is lowered"] = { { a = { role = "cold" } } },
  ["somebody who is taken out"] = { { a = { role = "active", state = "out" } } },
  ["another weight"] = { { a = { role = "active", weight = 2 } } },
  ["an entry that says nothing"] = { { a = { reason = "why" } } },
  ["an unknown key"] = { { a = { rolle = "active" } } },
  ["an entry that is no object"] = { { a = "active" } },
  ["a long reason"] = { { a = { reason = ("x"):rep(1001) } } },
  ["another schema"] = { {}, { schema = 2 } },
  ["a revision that is a text"] = { {}, { revision = "3" } },
  ["a negative revision"] = { {}, { revision = -1 } },
  ["nobody's name"] = { {}, { by = false } },
  ["more than is known"] = { {}, { more = 1 } },
}) do
  test("an overlay is refused: " .. name, function()
    local decoded, problems = parse(wrong[1], wrong[2])
    expect(not decoded and #problems > 0, "was taken")
  end)
end

test("garbled overlays are refused, not thrown", function()
  for _, text in ipairs({ "", "{", "[]x", "null", "3", '"a"', "[1]", '{"members":null}' }) do
    local decoded, problems = overlay.parse(text)
    expect(not decoded and #problems > 0, "%s was taken", text)
  end
end)

test("an operator's document may keep all clients out but some", function()
  local function with(more)
    local said = { since = "2026-03-01T14:02:00Z", by = "mia", retryAfter = 60, allowed = { "192.0.2.0/24" } }
    for key, value in pairs(more) do
      said[key] = value
    end
    return operator.parse(cjson.encode({ schema = 1, revision = 1, by = "mia", members = {}, maintenance = said }))
  end
  expect(with({ reason = "the fair", page = "<h1>soon</h1>" }), "refused")
  expect(with({ allowed = {} }), "nobody allowed: refused")
  for _, wrong in ipairs({
    { since = 3 }, { by = false }, { reason = ("x"):rep(1001) }, { retryAfter = 0 }, { retryAfter = 1.5 }, { retryAfter = "60" },
    { page = ("x"):rep(maintenance.largest_page + 1) }, { page = 3 }, { more = 1 }, { allowed = "192.0.2.1" },
    { allowed = { "192.0.2.1" } }, { allowed = { "192.0.2.0/33" } }, { allowed = { "::1/128" } }, { allowed = { here = "192.0.2.0/24" }, page = 3 },
  }) do
    expect(not with(wrong), "taken: %s", cjson.encode(wrong))
  end
  expect(not overlay.parse('{"schema":1,"revision":1,"by":"w","members":{},"maintenance":{}}'), "an overlay took it")
end)

test("maintenance lets allowed addresses pass, and nobody else", function()
  local some = maintenance.compile({ retryAfter = 1, allowed = { "192.0.2.7/24", "10.0.0.1/32" } })
  for address, passes in pairs({
    ["192.0.2.255"] = true, ["192.0.3.0"] = false, ["10.0.0.1"] = true, ["10.0.0.2"] = false, ["unix:"] = false, ["::1"] = false,
  }) do
    expect(maintenance.passes(some, address) == passes, "%s", address)
  end
  expect(maintenance.compile(nil) == nil, "none is none")
  expect(not maintenance.passes(maintenance.compile({ retryAfter = 1, allowed = {} }), "10.0.0.1"), "nobody is allowed")
end)

test("an operator's document cordons and drains, and nothing else", function()
  expect(parse_operator({ ["web-1"] = { state = "cordoned", reason = "disk" }, ["web-2"] = { state = "drained" } }), "refused")
  expect(operator.parse(operator.empty), "the empty one was refused")
  for _, wrong in ipairs({ { state = "out" }, { reason = "why" }, { state = "drained", role = "active" }, { state = "drained", address = "10.0.0.1" } }) do
    expect(not parse_operator({ ["web-1"] = wrong }), "%s was taken", cjson.encode(wrong))
  end
end)

-- "key:desired:effective:state[:out]", …
local function rotation(...)
  local list, states = {}, {}
  for i, text in ipairs({ ... }) do
    local key, desired, role, state, out = text:match("^(.-):(.-):(.-):([^:]*):?(.*)$")
    list[i] = { key = key, role = role, desired_role = desired, out = out ~= "", drained = out == "drained" }
    states[key] = state
  end
  local groups = candidates.groups(list, function(member)
    local state = states[member.key]
    if state == "new" then
      return nil, nil
    end
    return state ~= "ill", state == "lost" and state or nil
  end)
  local keys = {}
  for key in pairs((candidates.in_rotation(groups))) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return table.concat(keys, " ")
end

for name, case in pairs({
  ["a promoted hot standby serves beside the active ones"] = { "a h", "a:active:active:well", "b:active:active:ill", "h:hot:active:well" },
  ["a promoted cold one too, once it is well"] = { "a c", "a:active:active:well", "c:cold:active:well" },
  ["and not before a check has seen it"] = { "a", "a:active:active:well", "c:cold:active:new" },
  ["even when nobody is well it isn't tried: it may be off"] = { "a", "a:active:active:ill", "c:cold:active:ill", "d:cold:active:new" },
  ["a member that is out gets nothing"] = { "a", "a:active:active:well", "b:active:active:well:out" },
  ["a standby that is out gets nothing"] = { "a", "a:active:active:ill", "b:active:active:ill", "h:hot:hot:well:out", want = "a b h" },
  ["the last that could serve is used though it is out"] = { "a b", "a:active:active:well:out", "b:active:active:well:out" },
  ["but not one that is drained"] = { "b", "a:active:active:well:drained", "b:active:active:ill" },
  ["whoever else there is"] = { "", "a:active:active:well:drained", "h:hot:active:well:drained" },
}) do
  test(name, function()
    local got = rotation(unpack(case, 2))
    local want = case.want or case[1]
    expect(got == want, "in rotation are [%s], not [%s]", got, want)
  end)
end

test("a lease is granted for a bounded time and read until it ends", function()
  local granted = lease.grant('{"holder":"up","seconds":30}', 1000)
  local text = cjson.encode(granted)
  expect(lease.read(text, 1001).secondsLeft == 29, "left %s", lease.read(text, 1001).secondsLeft)
  expect(lease.read(text, 1030) == nil, "it outlived its time")
end)

test("a jump of the clock back ends a lease instead of making it last", function()
  local text = cjson.encode(lease.grant('{"holder":"up","seconds":120}', 100000))
  expect(lease.read(text, 5000) == nil, "it is still there")
  expect(lease.read(text, 100000), "it is not there")
end)

test("what is no lease is none", function()
  for _, text in ipairs({ "null", "", "{", '{"holder":1,"until":2000}', '{"holder":"up"}', '{"holder":"up","until":"2000"}' }) do
    expect(lease.read(text, 1990) == nil, "%s was taken", text)
  end
  expect(lease.read(nil, 1990) == nil, "nothing was taken")
  for _, text in ipairs({ "null", "", '{"holder":"","seconds":3}', '{"holder":"up","seconds":121}', '{"holder":"up","seconds":0}', '{"holder":"a\\nb","seconds":3}' }) do
    expect(lease.grant(text, 0) == nil, "%s was granted", text)
  end
end)
