-- Who may serve: from members and what is known of them to an ordered list of groups. The first group that isn't empty
-- serves; a retry goes on in the same group and then in the next. One pure function, the one place where the overlay
-- (promoted members) and the operator's document (members that are out) act.

local M = {}

-- members: array of {key, role, desired_role, out, drained, …}; role is the one in effect.
-- state(member) -> healthy (true, false, or nil when not checked yet), mark (what requests met there a moment ago: "lost"
-- when no connection could be made, "doubted" when it took requests and failed them and none fared better, nil for nothing).
--
-- The groups in their order:
-- 1 active members known to be well
-- 2 active ones that are doubted. Before the standbys: a single slow or failing URL makes all of them doubted, and must
--   not move the whole traffic to a few standbys. When it is the members' fault, the checks say so soon.
-- 3 hot standbys known to be well
-- 4 active ones that no check has seen yet (the first moments after a start)
-- 5 everybody: when nobody is well, the checks may be what is wrong, and trying costs nothing (fail open). Even those that
--   are out: whoever cordoned them didn't mean to leave nobody. Not those that are drained.
-- A cold standby that was promoted takes part once a check has seen it well, and no longer: it may be switched off.
function M.groups(members, state)
  local well, doubted, hot, unknown, all = {}, {}, {}, {}, {}
  for i = 1, #members do
    local member = members[i]
    if (member.role == "active" or member.role == "hot") and not member.drained then
      local healthy, mark = state(member)
      local group
      if mark == "lost" or healthy == false or member.out then
        group = nil
      elseif member.role == "hot" then
        group = healthy and hot or nil
      elseif healthy == nil then
        group = member.desired_role ~= "cold" and unknown or nil
      else
        group = mark == "doubted" and doubted or well
      end
      if group then
        group[#group + 1] = member
      end
      if member.desired_role ~= "cold" or healthy then
        all[#all + 1] = member
      end
    end
  end
  return { well, doubted, hot, unknown, all }
end

-- The member for the next try, or nil when everybody was tried. Nobody is tried twice.
function M.pick(groups, algorithm, request)
  for i = 1, #groups do
    if #groups[i] > 0 then
      local member = algorithm.pick(groups[i], request)
      if member then
        return member
      end
    end
  end
  return nil
end

-- All that there are to try.
function M.everybody(groups)
  return groups[#groups]
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
