-- What a director does with a member that fails its checks: by the code itself, with a shared memory that is a table.

local dict = require("memory")()

local now = 1000
local options = { virtual_address = "10.0.0.10", drain = 40 }
local list = {
  { id = "a", key = "lb-1", address = "10.0.0.2", role = "active", weight = 1 },
  { id = "b", key = "lb-2", address = "10.0.0.3", role = "active", weight = 1 },
}
local pool = { name = "balancers", members = list }

-- Loads the director anew, with what it asks of nginx and of others in their places.
local function director(with)
  options.given_up = with.given_up
  dict.values, now = {}, 1000
  local kept = { ngx = _G.ngx }
  _G.ngx = { shared = { hotspare_health = dict, hotspare_flight = dict }, now = function() return now end }
  local stand_ins = {
    ["cjson.safe"] = {
      array_mt = {}, encode = function(value) return value end, decode = function(value) return value end,
    },
    hotspare = { options = options },
    ["hotspare.members"] = {
      current = function() return { balancers = pool }, "1" end,
      services = function() return { { pool = "balancers", port = 80, protocol = "tcp", scheduler = "mh", flags = {} } } end,
    },
    ["hotspare.candidates"] = {
      in_rotation = function()
        local rotation = {}
        for _, member in ipairs(list) do
          rotation[member.key] = require("hotspare.state").healthy(member.id) or nil
        end
        return rotation
      end,
    },
    ["hotspare.view"] = { get = function() return {} end },
  }
  for name, value in pairs(stand_ins) do
    kept[name], package.loaded[name] = package.loaded[name], value
  end
  kept["hotspare.state"], package.loaded["hotspare.state"] = package.loaded["hotspare.state"], nil
  kept["hotspare.director"], package.loaded["hotspare.director"] = package.loaded["hotspare.director"], nil
  local state = require("hotspare.state")
  local ok, why = pcall(with.test, require("hotspare.director"), state)
  for _, name in ipairs({
    "cjson.safe", "hotspare", "hotspare.members", "hotspare.candidates", "hotspare.view", "hotspare.state", "hotspare.director",
  }) do
    package.loaded[name] = kept[name]
  end
  _G.ngx = kept.ngx
  if not ok then
    error(why, 0)
  end
end

local function table_of(wanted)
  local words = {}
  for _, one in ipairs(wanted.services[1].destinations) do
    words[#words + 1] = one.key .. "=" .. one.weight
  end
  words[#words + 1] = "given up: " .. table.concat(wanted.givenUp, " ")
  return table.concat(words, " ")
end

local function expect_table(it, wanted)
  local found = table_of(it.wanted())
  expect(found == wanted, "%s instead of %s", found, wanted)
end

local function both_well(state)
  state.set_healthy("a", true, "check passed")
  state.set_healthy("b", true, "check passed")
end

test("a balancer that dies behind a director is given up at once", function()
  director({ given_up = 0, test = function(it, state)
    both_well(state)
    expect_table(it, "lb-1=1 lb-2=1 given up: ")
    state.set_healthy("b", false, "check failed: connection refused")
    expect_table(it, "lb-1=1 given up: 10.0.0.3:80")
  end })
end)

test("one that says that it leaves keeps what it has, until it is gone or a drain is over", function()
  director({ given_up = 0, test = function(it, state)
    both_well(state)
    state.set_declines("b", true)
    state.set_healthy("b", false, "check failed: HTTP 503")
    expect_table(it, "lb-1=1 lb-2=0 given up: ")
    now = now + 39
    expect_table(it, "lb-1=1 lb-2=0 given up: ")
    now = now + 1
    expect_table(it, "lb-1=1 given up: 10.0.0.3:80")
    now = now - 30
    local before = it.version()
    state.set_declines("b", false)
    expect(it.version() ~= before, "whoever asks for the table isn't told that it has gone")
    expect_table(it, "lb-1=1 given up: 10.0.0.3:80")
  end })
end)

test("a node that fails its checks, by whatever answer, has five seconds", function()
  director({ test = function(it, state)
    both_well(state)
    state.set_declines("b", true)
    state.set_healthy("b", false, "check failed: HTTP 503")
    expect_table(it, "lb-1=1 lb-2=0 given up: ")
    now = now + 5
    expect_table(it, "lb-1=1 given up: 10.0.0.3:80")
  end })
end)
