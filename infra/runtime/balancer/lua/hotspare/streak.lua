-- When a member counts as well: pure, driven by one check after the other.

local M = {}

-- known: true, false or nil (never checked). streak: checks in a row that contradict `known`; for nil, failed ones.
-- first: failed checks that a member may have before its first passed one, at least `fall`: time to start.
-- Returns the new known, the new streak.
function M.next(known, streak, passed, fall, rise, first)
  if known == nil then
    -- The first passed check is enough: a new member has no bad past, and somebody may be waiting for it.
    if passed then
      return true, 0
    end
    streak = streak + 1
    if streak >= math.max(fall, first) then
      return false, 0
    end
    return nil, streak
  end
  if passed == known then
    return known, 0
  end
  streak = streak + 1
  if streak >= (known and fall or rise) then
    return passed, 0
  end
  return known, streak
end

return M
