-- How far a worker may trust its own checks: pure, driven by one look at itself after the other. Who is late himself finds
-- everybody else late. The idea is Lifeguard's local health awareness (Dadgar, Phillips, Currey, "Lifeguard: Local Health
-- Awareness for More Accurate Failure Detection", 2018): a score that stretches one's own patience, bounded.
--
-- Only silence is borne longer. A refused connection, a reset, an answer of any kind is the node's own word and counts as ever.

local M = {}

-- Highest score: patience is at most three times the timeout, and one failed check more. With the default timers a node that
-- falls silent on a starved machine is out after 1.8 s instead of 0.55 s, and its death is still found within 3 s.
M.most = 2
-- Seconds that a timer may be late without a meaning: nginx handles hundreds of events between two of them.
M.tolerated = 0.05
-- Calm looks in a row after which the score falls by one; many more while the machine has no processor to spare, as the next
-- late moment is near.
M.calm, M.calm_under_pressure = 3, 15
-- Part of the time in which something waited for a processor, from which on the machine has none to spare.
M.pressed = 0.9
-- Milliseconds that no check's timeout is stretched beyond, unless the stack's own is longer.
M.longest = 1000
-- Checks in a row whose result a late worker may throw away.
M.voids = 2

function M.new()
  return { score = 0, calm = 0 }
end

-- One look. lag: seconds that the look itself came late. silent, checked: members taken for healthy whose last check met silence, of
-- so many: more than half of them at one moment is rather one's own fault. pressure: 0 to 1, or nil where nobody can tell.
function M.look(self, lag, silent, checked, pressure)
  if lag > M.tolerated or (silent >= 2 and silent * 2 > checked) then
    self.score = math.min(M.most, self.score + 1)
    self.calm = 0
    return
  end
  self.calm = self.calm + 1
  if self.calm >= ((pressure or 0) >= M.pressed and M.calm_under_pressure or M.calm) then
    self.score = math.max(0, self.score - 1)
    self.calm = 0
  end
end

-- Milliseconds that a check may take.
function M.timeout(self, milliseconds)
  return math.max(milliseconds, math.min(milliseconds * (1 + self.score), M.longest))
end

-- Failed checks in a row that take a member out, if they met silence.
function M.fall(self, fall)
  return fall + (self.score > 0 and 1 or 0)
end

-- Whether a check that met silence says nothing: the worker came back to it so many seconds after its limit, and may have slept
-- through the answer. `voids` of that member in a row were thrown away before.
function M.void(overran, voids)
  return overran > M.tolerated and voids < M.voids
end

-- What a check or a try met, by nginx's words: true for silence, false for what somebody has answered.
function M.is_silence(reason)
  return reason == "timeout"
end

-- Part of the time in which something waited for a processor, by two readings of /proc/pressure/cpu, `elapsed` seconds apart.
function M.pressure(before, after, elapsed)
  local function total(text)
    return tonumber((text or ""):match("some [^\n]*total=(%d+)"))
  end
  local from, to = total(before), total(after)
  if not from or not to or elapsed <= 0 then
    return nil
  end
  return math.min(1, math.max(0, (to - from) / (elapsed * 1000000)))
end

return M
