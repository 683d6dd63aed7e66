-- Requests in flight, counted for the whole balancer in shared memory (hotspare_flight).
--
-- Two counters a member: one that all workers of a generation add to (what the algorithms read: one look-up a member)
-- and one of each worker's own. A worker that crashes never takes its requests back, so its successor in the same slot
-- does, by its own counter. A reload starts a new generation from zero; the old workers count down in theirs.

local M = { generation = 0 }

local dict = ngx.shared.hotspare_flight
-- No counter outlives a day: whatever an old generation left behind goes by itself.
local lifetime = 86400

-- Of this worker, by member id, so that no request has to put them together.
local keys = {}

local function keys_of(id)
  local own = keys[id]
  if not own then
    own = { total = M.generation .. ":" .. id, own = M.generation .. ":" .. ngx.worker.id() .. "#" .. id }
    keys[id] = own
  end
  return own
end

function M.add(id, change)
  local own = keys_of(id)
  dict:incr(own.own, change, 0, lifetime)
  local value = dict:incr(own.total, change, 0, lifetime)
  if value and value < 0 then
    dict:set(own.total, 0, lifetime)
  end
end

function M.load(id)
  return dict:get(keys_of(id).total) or 0
end

-- Requests in flight of all generations by member id: what draining has to wait for.
function M.all()
  local sums = {}
  for _, key in ipairs(dict:get_keys(0)) do
    local id = key:match("^%d+:([^#]+)$")
    if id then
      sums[id] = (sums[id] or 0) + (dict:get(key) or 0)
    end
  end
  return sums
end

local function forget_old(premature)
  if premature then
    return
  end
  for _, key in ipairs(dict:get_keys(0)) do
    local generation = tonumber(key:match("^(%d+):"))
    if generation and generation < M.generation then
      dict:delete(key)
    end
  end
end

-- Takes back what a crashed worker in this slot left, and plans the end of older generations.
function M.start(shutdown)
  local slot = M.generation .. ":" .. ngx.worker.id() .. "#"
  for _, key in ipairs(dict:get_keys(0)) do
    if key:sub(1, #slot) == slot then
      local left = dict:get(key) or 0
      if left ~= 0 then
        dict:incr(M.generation .. ":" .. key:sub(#slot + 1), -left, 0)
      end
      dict:delete(key)
    end
  end
  dict:set("started:" .. ngx.worker.id(), ngx.now())
  if ngx.worker.id() == 0 then
    ngx.timer.at(shutdown + 5, forget_old)
  end
end

return M
