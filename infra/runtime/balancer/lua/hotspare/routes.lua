-- The routes as nginx.conf tells them at its start, by name; each location sets $hotspare_route to its own.

local M = { all = {} }

-- Each route: tries; retry_for and read (longest silence of a node) in seconds; learned (whether its tries are given less, by what
-- it takes as a rule); repeats (whether a request that was sent may be sent again whatever its method is); streams (whether it may
-- become a WebSocket).
function M.set(routes)
  M.all = routes
end

-- That of the request being handled, and its name.
function M.get()
  local name = ngx.var.hotspare_route
  return M.all[name], name
end

return M
