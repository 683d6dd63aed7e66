-- The overlay: what the warden (or an `up` that drains) changes of the desired members at run time. Pure: what is allowed
-- in it, and how it lies on a member.

local cjson = require("cjson.safe")

local M = {}

M.schema = 1
M.empty = '{"schema":1,"revision":0,"by":"nobody","members":{}}'

local roles = { active = true, hot = true, cold = true }
local keys = { schema = true, revision = true, by = true, members = true }
local entry_keys = { role = true, state = true, weight = true, reason = true }

local function whole(value, low, high)
  return type(value) == "number" and value % 1 == 0 and value >= low and value <= high
end

local function short_text(value, most)
  return type(value) == "string" and #value <= most
end

local function object(value)
  return type(value) == "table" and #value == 0
end

local function entry_problem(entry)
  if not object(entry) then
    return "must be an object"
  end
  for key in pairs(entry) do
    if not entry_keys[key] then
      return "unknown key " .. tostring(key)
    end
  end
  if entry.role ~= nil and not roles[entry.role] then
    return "role must be active, hot or cold"
  elseif entry.state ~= nil and entry.state ~= "out" then
    return "state must be out"
  elseif entry.weight ~= nil and not whole(entry.weight, 1, 1000) then
    return "weight must be a whole number from 1 to 1000"
  elseif entry.reason ~= nil and not short_text(entry.reason, 1000) then
    return "reason must be a text of at most 1000 bytes"
  end
  return nil
end

-- Every problem of a decoded overlay as {path, message}; an empty list when there is none.
function M.problems(overlay)
  local problems = {}
  local function bad(path, message)
    problems[#problems + 1] = { path = path, message = message }
  end
  if not object(overlay) then
    bad("", "must be an object")
    return problems
  end
  for key in pairs(overlay) do
    if not keys[key] then
      bad(tostring(key), "unknown key")
    end
  end
  if overlay.schema ~= M.schema then
    bad("schema", "this balancer reads version " .. M.schema)
  end
  if not whole(overlay.revision, 0, 2 ^ 53) then
    bad("revision", "must be a whole number from 0")
  end
  if not short_text(overlay.by, 253) then
    bad("by", "must be a text of at most 253 bytes")
  end
  if not object(overlay.members) then
    bad("members", "must be an object")
    return problems
  end
  for key, entry in pairs(overlay.members) do
    local problem = entry_problem(entry)
    if problem then
      bad("members." .. tostring(key), problem)
    end
  end
  return problems
end

-- Decoded overlay, or nil and the list of problems.
function M.parse(text)
  local decoded, reason = cjson.decode(text)
  if decoded == nil then
    return nil, { { path = "", message = "is not JSON: " .. tostring(reason) } }
  end
  local problems = M.problems(decoded)
  if #problems > 0 then
    return nil, problems
  end
  return decoded
end

-- What serves: role, weight and whether it is out, of a desired member under an overlay's entry (or none).
function M.effective(member, entry)
  entry = entry or {}
  return entry.role or member.role, entry.weight or member.weight, entry.state == "out"
end

return M
