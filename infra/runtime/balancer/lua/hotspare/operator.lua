-- What an operator says of members: cordoned and drained ones; and of all of it: maintenance. A document of its own beside the desired
-- members and the overlay, so that neither an `up` nor a warden undoes it. Pure: what is allowed in it.
--
-- cordoned  gets no new requests as long as anybody else can serve
-- drained   gets none at all

local maintenance = require("hotspare.maintenance")
local shape = require("hotspare.laid")

local M = {}

M.empty = shape.empty

local states = { cordoned = true, drained = true }

local function entry_problem(entry)
  if not states[entry.state] then
    return "state must be cordoned or drained"
  end
  return nil
end

-- Decoded document, or nil and the list of problems.
function M.parse(text)
  return shape.parse(text, { state = true, reason = true }, entry_problem, { maintenance = maintenance.problem })
end

return M
