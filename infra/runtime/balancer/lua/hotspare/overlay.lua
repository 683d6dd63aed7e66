-- The overlay: which standbys the warden lets serve. Pure: what is allowed in it. It can promote and do nothing else: a warden
-- that was taken over must not be able to take members out, or to lower them until nobody is left.

local shape = require("hotspare.laid")

local M = {}

M.empty = shape.empty

local function entry_problem(entry)
  if entry.role ~= "active" then
    return "role must be active: an overlay promotes standbys, and nothing else"
  end
  return nil
end

-- Decoded overlay, or nil and the list of problems.
function M.parse(text)
  return shape.parse(text, { role = true, reason = true }, entry_problem)
end

return M
