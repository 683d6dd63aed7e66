-- A worker's view of a pool: its groups of candidates, worked out again only when the members document, a member's
-- health or a mark has changed, so that a normal request costs two look-ups.

local candidates = require("hotspare.candidates")
local members = require("hotspare.members")
local state = require("hotspare.state")

local M = {}

local views = {}

local function build(pool, document_version, health_version)
  local valid_until = math.huge
  local marked = {}
  local groups = candidates.groups(pool.members, function(member)
    local mark, till = state.mark_of(member.id)
    if mark then
      valid_until = math.min(valid_until, till)
      marked[member.key] = true
    end
    return state.healthy(member.id), mark
  end)
  -- Who may be asked after another has failed.
  local willing = {}
  for _, member in ipairs(candidates.everybody(groups)) do
    if not marked[member.key] then
      willing[#willing + 1] = member
    end
  end
  return {
    pool = pool, groups = groups, willing = willing, valid_until = valid_until,
    document_version = document_version, health_version = health_version,
  }
end

-- The view of a pool, or nil when there is no such pool.
function M.get(name)
  local pools, document_version = members.current()
  local health_version = state.version()
  local view = views[name]
  if view and view.document_version == document_version and view.health_version == health_version
    and ngx.now() < view.valid_until then
    return view
  end
  if not pools[name] then
    return nil
  end
  view = build(pools[name], document_version, health_version)
  views[name] = view
  return view
end

-- Views that this worker has got since nginx's clock went on: it does so once for many requests.
local at, got = 0, {}

-- The same for a request that begins: what has happened within the same tick of nginx's clock may be too late for it.
function M.of_tick(name)
  local now = ngx.now()
  if now ~= at then
    at, got = now, {}
  end
  local view = got[name]
  if not view then
    view = M.get(name)
    got[name] = view
  end
  return view
end

return M
