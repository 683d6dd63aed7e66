-- Who may serve: from members and what is known of them to an ordered list of groups. The first group that isn't empty
-- serves; a retry goes on in the same group and then in the next. One pure function, so that a later overlay (promoted,
-- draining, ejected members) has one place to act.

local M = {}

-- members: array of {key, role, …}. state(member) -> healthy (true, false, or nil when not checked yet), marked (whether
-- a request failed there a moment ago).
function M.groups(members, state)
  local active, hot, unknown, all = {}, {}, {}, {}
  for i = 1, #members do
    local member = members[i]
    if member.role == "active" or member.role == "hot" then
      local healthy, marked = state(member)
      if not marked then
        if healthy then
          local group = member.role == "active" and active or hot
          group[#group + 1] = member
        elseif healthy == nil and member.role == "active" then
          unknown[#unknown + 1] = member
        end
      end
      all[#all + 1] = member
    end
  end
  -- 1 active members known to be well; 2 hot standbys known to be well; 3 active ones that no check has seen yet (the
  -- first moments after a start); 4 everybody: when nobody is well, the checks may be what is wrong, and trying costs
  -- nothing (fail open).
  return { active, hot, unknown, all }
end

-- The member for the next try, or nil when there is none at all. Nobody is tried twice while others are left.
function M.pick(groups, algorithm, request)
  for i = 1, #groups do
    if #groups[i] > 0 then
      local member = algorithm.pick(groups[i], request)
      if member then
        return member
      end
    end
  end
  local all = groups[#groups]
  if #all == 0 then
    return nil
  end
  request.tried = {}
  return algorithm.pick(all, request)
end

-- The members that a new request may go to: the first group that isn't empty, as a set of keys.
function M.in_rotation(groups)
  local keys = {}
  for i = 1, #groups do
    if #groups[i] > 0 then
      for _, member in ipairs(groups[i]) do
        keys[member.key] = true
      end
      return keys, i
    end
  end
  return keys, nil
end

return M
