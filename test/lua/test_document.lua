local cjson = require("cjson.safe")
local document = require("hotspare.document")
local places = require("hotspare.places")

local function good()
  return {
    schema = 1, revision = "0af3",
    pools = {
      web = {
        algorithm = { kind = "weighted-round-robin" },
        health = { path = "/readyz", intervalMs = 200, timeoutMs = 150, fall = 2, rise = 2 },
        members = {
          { key = "web-1", address = "10.77.2.32", port = 8080, weight = 3, role = "active" },
          { key = "web-hot-1", address = "10.77.2.52", port = 8080, weight = 1, role = "hot" },
        },
      },
    },
  }
end

local function problems(change, place)
  local value = good()
  change(value, value.pools.web)
  local lines = {}
  for i, problem in ipairs(document.problems(value, place)) do
    lines[i] = problem.path .. ": " .. problem.message
  end
  return table.concat(lines, "\n")
end

test("a right document has no problem", function()
  expect(problems(function() end) == "", "%s", problems(function() end))
end)

test("a pool may have nobody yet", function()
  local got = problems(function(_, web) web.members = cjson.decode("[]") end)
  expect(got == "", "%s", got)
end)

local wrong = {
  { "pools.web.members[0].adress: unknown key", function(_, web) web.members[1].adress = "x" end },
  { "schema: this balancer reads version 1, not 2", function(all) all.schema = 2 end },
  { "revision: must be a hash in hex", function(all) all.revision = "zz" end },
  { "pools.web.algorithm.kind: unknown algorithm \"fastest\"", function(_, web) web.algorithm.kind = "fastest" end },
  { "pools.web.algorithm.key: round-robin takes no key", function(_, web) web.algorithm = { kind = "round-robin", key = "uri" } end },
  { "pools.web.algorithm.key: must be client-address", function(_, web) web.algorithm = { kind = "consistent-hash", key = "header:" } end },
  { "pools.web.health.path: must be a URL path", function(_, web) web.health.path = "/a b" end },
  { "pools.web.health.path: must be a URL path", function(_, web) web.health.path = "/a\r\nX: y" end },
  { "pools.web.health.fall: must be a whole number from 1 to 100, not 0", function(_, web) web.health.fall = 0 end },
  { "pools.web.health: must be an object, not nil", function(_, web) web.health = nil end },
  { "pools.web.members[0].address: must be an IPv4 address", function(_, web) web.members[1].address = "10.77.2.256" end },
  { "pools.web.members[0].address: must be an IPv4 address", function(_, web) web.members[1].address = "web-1.local" end },
  { "pools.web.members[0].port: must be a whole number", function(_, web) web.members[1].port = 80.5 end },
  { "pools.web.members[0].weight: must be a whole number from 1 to 1000, not 0", function(_, web) web.members[1].weight = 0 end },
  { "pools.web.members[0].role: must be active, hot or cold", function(_, web) web.members[1].role = "spare" end },
  { "pools.web.members[1].key: \"web-1\" is in this pool already", function(_, web) web.members[2].key = "web-1" end },
  { "pools.web.members: has cold members only", function(_, web) web.members = { web.members[2] } web.members[1].role = "cold" end },
  { "pools.web.members: must be a list, not nil", function(_, web) web.members = nil end },
  { "pools.web.members: must be a list", function(_, web) web.members = { a = 1 } end },
  { "pools.web.members[0]: must be an object", function(_, web) web.members = { "web-1" } end },
  { "pools: must be an object", function(all) all.pools = cjson.null end },
}
for i, case in ipairs(wrong) do
  test("refused " .. i .. ": " .. case[1], function()
    local got = problems(case[2])
    expect(got:find(case[1], 1, true), "got: %s", got)
  end)
end

for address, want in pairs({
  ["127.0.0.1"] = "no address of another machine", ["127.9.9.9"] = "no address of another machine",
  ["0.0.0.0"] = "no address of another machine", ["0.1.2.3"] = "no address of another machine",
  ["169.254.169.254"] = "no address of another machine", ["224.0.0.18"] = "no address of another machine",
  ["255.255.255.255"] = "no address of another machine", ["240.0.0.1"] = "no address of another machine",
  ["10.77.4.1"] = "is not in the cluster's network 10.77.2.0/23 10.80.0.0/16", ["10.77.1.255"] = "is not in",
  ["192.0.2.1"] = "is not in", ["10.77.2.12"] = "of the balancer itself", ["10.77.2.0"] = "", ["10.77.3.255"] = "", ["10.80.9.9"] = "",
}) do
  test("a member at " .. address .. ": " .. (want == "" and "taken" or want), function()
    local place = places.within("10.77.2.0/23 10.80.0.0/16", function(own) return own == "10.77.2.12" end)
    local got = problems(function(_, web) web.members[1].address = address end, place)
    expect(want == "" and got == "" or want ~= "" and got:find(want, 1, true), "got: %s", got)
  end)
end

test("without networks members may be anywhere but here", function()
  local place = places.within(nil)
  expect(problems(function(_, web) web.members[1].address = "192.0.2.1" end, place) == "", "refused")
  expect(problems(function(_, web) web.members[1].address = "127.0.0.1" end, place) ~= "", "taken")
end)

test("all problems are told at once", function()
  local got = problems(function(all, web)
    all.more = 1
    web.members[1].port = 0
    web.members[2].weight = 1001
    web.health.rise = "2"
  end)
  local _, lines = got:gsub("[^\n]+", "")
  expect(lines == 4, "%d lines:\n%s", lines, got)
end)

test("what is no object is refused", function()
  for _, text in ipairs({ "[]x", "[1]", "3", '"a"', "null" }) do
    local decoded = cjson.decode(text)
    expect(decoded == nil or #document.problems(decoded) > 0, "%s was taken", text)
  end
end)
