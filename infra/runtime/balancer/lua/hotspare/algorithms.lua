-- The algorithms by name. Each is made once per pool and worker, keeps what it must remember by member key (so that a
-- changed set of members doesn't reset it), and has one function:
--
--   pick(list, request) -> member of list, or nil when each of them was tried
--
-- list: non-empty array of members {key, weight, seed}.
-- request: {tried = set of keys, key = what is hashed (a string), load = function(member) -> open requests}.
-- No ngx.* in here: test/lua runs these files by plain luajit.

local bit = require("bit")
local hash = require("hotspare.hash")

local M = {}

-- Smooth weighted round robin, as nginx has it: each member gains its weight, the one with most is picked and pays the
-- sum of all weights. Interleaves 3:1:1 as a b a c a and not as a a a b c.
local function rotation(weight_of)
  local gained = {}
  return function(list, request, eligible)
    local best, most, total = nil, nil, 0
    for i = 1, #list do
      local member = list[i]
      if not request.tried[member.key] and (not eligible or eligible[member.key]) then
        local weight = weight_of(member)
        local value = (gained[member.key] or 0) + weight
        gained[member.key] = value
        total = total + weight
        if not best or value > most then
          best, most = member, value
        end
      end
    end
    if best then
      gained[best.key] = most - total
    end
    return best
  end
end

local function weight(member)
  return member.weight
end

M["weighted-round-robin"] = function()
  local turn = rotation(weight)
  return { pick = function(list, request) return turn(list, request) end }
end

M["round-robin"] = function()
  local turn = rotation(function() return 1 end)
  return { pick = function(list, request) return turn(list, request) end }
end

-- Fewest open requests per weight; ties go in turn by weight, so that an idle pool is shared like the rotation does.
M["least-connections"] = function()
  local turn = rotation(weight)
  return {
    pick = function(list, request)
      local least, ties = nil, nil
      for i = 1, #list do
        local member = list[i]
        if not request.tried[member.key] then
          local share = request.load(member) / member.weight
          if not least or share < least then
            least, ties = share, { [member.key] = true }
          elseif share == least then
            ties[member.key] = true
          end
        end
      end
      return ties and turn(list, request, ties) or nil
    end,
  }
end

local function draw(list, request, total)
  local point = math.random() * total
  local last = nil
  for i = 1, #list do
    local member = list[i]
    if not request.tried[member.key] then
      last = member
      point = point - member.weight
      if point < 0 then
        return member
      end
    end
  end
  return last
end

-- The less busy of two members drawn at random by weight: close to the best choice, and two balancers that know nothing
-- of each other don't all run to the same member (Mitzenmacher 2001).
M["two-choices"] = function()
  return {
    pick = function(list, request)
      local total = 0
      for i = 1, #list do
        if not request.tried[list[i].key] then
          total = total + list[i].weight
        end
      end
      local a = draw(list, request, total)
      local b = draw(list, request, total)
      if not a or a == b then
        return a
      end
      return request.load(b) / b.weight < request.load(a) / a.weight and b or a
    end,
  }
end

-- Weighted rendezvous hashing: every member gets a score from key and member, the highest wins. Shares follow the
-- weights, and when a member goes, its keys move and no others (1/N of them, the least possible). It needs no ring to
-- build or to cache, and the second best is the natural next try. O(n) for a key.
local function rendezvous()
  return {
    hashed = true,
    pick = function(list, request)
      local key = hash.text(request.key)
      local best, most = nil, nil
      for i = 1, #list do
        local member = list[i]
        if not request.tried[member.key] then
          local score = -member.weight / math.log(hash.unit(hash.mix(bit.bxor(key, member.seed))))
          if not best or score > most then
            best, most = member, score
          end
        end
      end
      return best
    end,
  }
end

M["consistent-hash"] = rendezvous
M["ip-hash"] = rendezvous

return M
