-- What the balancer knows of each request under way in this worker, by the request's address in memory.
--
-- Not in ngx.ctx: nginx empties that whenever it redirects a request internally, and what it held would be in flight for ever.
-- The address stays the same until the request ends, however it ends; the log phase, which every request reaches, removes it.

local base = require("resty.core.base")
local ffi = require("ffi")

local M = {}

local requests = {}

local function address()
  return tonumber(ffi.cast("intptr_t", base.get_request()))
end

-- The state of the request that is being handled, or nil when no pool was asked for it.
function M.get()
  return requests[address()]
end

function M.set(state)
  requests[address()] = state
end

-- Removes and returns it.
function M.take()
  local key = address()
  local state = requests[key]
  requests[key] = nil
  return state
end

return M
