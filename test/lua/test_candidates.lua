local algorithms = require("hotspare.algorithms")
local candidates = require("hotspare.candidates")

-- members("a:active:well", "h:hot:well", …); states: well, ill, new, lost, doubted.
local function members(...)
  local list, states = {}, {}
  for i, text in ipairs({ ... }) do
    local key, role, state = text:match("^(.-):(.-):(.*)$")
    list[i] = { key = key, role = role, weight = 1, seed = i }
    states[key] = state
  end
  return candidates.groups(list, function(member)
    local state = states[member.key]
    if state == "new" then
      return nil, nil
    end
    return state ~= "ill", (state == "lost" or state == "doubted") and state or nil
  end)
end

local function rotation(...)
  local keys = {}
  for key in pairs((candidates.in_rotation(members(...)))) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return table.concat(keys, " ")
end

local function expect_rotation(want, ...)
  local got = rotation(...)
  expect(got == want, "in rotation are [%s], not [%s]", got, want)
end

test("active members that are well serve, and nobody else", function()
  expect_rotation("a b", "a:active:well", "b:active:well", "c:active:ill", "h:hot:well", "x:cold:well")
end)

test("a new member waits for its first check while others are well", function()
  expect_rotation("a", "a:active:well", "b:active:new")
end)

test("a member where a request has just failed is left alone", function()
  expect_rotation("a", "a:active:well", "b:active:lost", "c:active:doubted")
end)

test("doubt alone never moves the traffic to the standbys", function()
  expect_rotation("a b", "a:active:doubted", "b:active:doubted", "c:active:lost", "h:hot:well")
end)

test("hot standbys serve when no active member can", function()
  expect_rotation("h", "a:active:ill", "b:active:lost", "h:hot:well")
end)

test("before any check all active members serve", function()
  expect_rotation("a b", "a:active:new", "b:active:new", "h:hot:new")
end)

test("when nobody is well all active and hot members are tried", function()
  expect_rotation("a h", "a:active:ill", "h:hot:ill", "x:cold:ill")
end)

test("cold standbys never serve", function()
  expect_rotation("", "x:cold:well", "y:cold:new")
end)

test("a retry goes on to the standbys, then to the ill, and repeats nobody", function()
  local groups = members("a:active:well", "b:active:well", "c:active:ill", "h:hot:well")
  local algorithm = algorithms["round-robin"]()
  local asked, order = { tried = {}, load = function() return 0 end }, {}
  for i = 1, 4 do
    local member = candidates.pick(groups, algorithm, asked)
    asked.tried[member.key] = true
    order[i] = member.key
  end
  expect(table.concat(order, " ") == "a b h c", "order is %s", table.concat(order, " "))
  expect(candidates.pick(groups, algorithm, asked) == nil, "after all were tried somebody is tried again")
  local all = candidates.everybody(groups)
  expect(#all == 4, "there are %d to try, not 4", #all)
end)
