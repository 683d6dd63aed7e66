-- Entry points that the generated nginx.conf calls: setup() in init_by_lua, start() in init_worker_by_lua.

local flight = require("hotspare.flight")
local members = require("hotspare.members")

local M = { options = nil, generation = 0, loaded_at = 0 }

-- options: cluster, balancer (its key), virtual_address, members (file), members_in (networks that they may be in), vrrp (file
-- that keepalived's notify script writes), shutdown (seconds that an old worker may live after a reload); of a
-- director also drain (seconds that a connection may stay at a node which has left), given_up (the same at one that is lost) and sync
-- ({id, card}).
function M.setup(options)
  M.options = options
  -- Counts loads of the configuration while shared memory lives. A new number in GET /status is how hotspare-apply sees
  -- that a reload took.
  M.generation = ngx.shared.hotspare_flight:incr("generation", 1, 0)
  M.loaded_at = ngx.now()
  flight.generation = M.generation
  members.load(options.members, options.members_in, options.virtual_address, options.neighbours)
end

function M.start()
  math.randomseed(ngx.now() * 1000 + ngx.worker.pid() * 7919)
  flight.start(M.options.shutdown)
  require("hotspare.lateness").start()
  require("hotspare.health").start()
  require("hotspare.patience").start()
  require("hotspare.teaching").start()
end

return M
