-- What this worker knows of its own lateness: looks at itself every 100 ms by a timer that should come on time.

local awareness = require("hotspare.awareness")

local M = {}

local interval, pressure_interval = 0.1, 1
local self = awareness.new()
local due, last, last_at, pressure = nil, nil, nil, nil
-- By member: whether its last check met silence, and until when that counts. Filled by worker 0, which checks.
local silences = {}

local function read_pressure(now)
  if last_at and now - last_at < pressure_interval then
    return
  end
  local handle = io.open("/proc/pressure/cpu", "r")
  local text = handle and handle:read("*a") or nil
  if handle then
    handle:close()
  end
  pressure = last_at and awareness.pressure(last, text, now - last_at) or nil
  last, last_at = text, now
end

local function look(premature)
  if premature or ngx.worker.exiting() then
    return
  end
  local now = ngx.now()
  local silent, checked = 0, 0
  for id, met in pairs(silences) do
    if met.till < now then
      silences[id] = nil
    else
      checked = checked + 1
      silent = silent + (met.silence and 1 or 0)
    end
  end
  read_pressure(now)
  awareness.look(self, due and now - due or 0, silent, checked, pressure)
  ngx.shared.hotspare_flight:set("lateness:" .. ngx.worker.id(), self.score)
  due = now + interval
  ngx.timer.at(interval, look)
end

function M.start()
  ngx.timer.at(0, look)
end

-- Whether this worker has been late a moment ago.
function M.is_late()
  return self.score > 0
end

function M.timeout(milliseconds)
  return awareness.timeout(self, milliseconds)
end

function M.fall(fall)
  return awareness.fall(self, fall)
end

-- What a member's check met; counts for so many seconds.
function M.noted(id, silence, seconds)
  silences[id] = { silence = silence, till = ngx.now() + seconds }
end

-- What a worker last knew of itself, for GET /status: 0 on time, up to 2 late.
function M.of(worker)
  return ngx.shared.hotspare_flight:get("lateness:" .. worker) or 0
end

return M
