-- Documents that lie on the desired members: {schema, revision, by, members: {key: entry}}. What they have in common, pure.

local cjson = require("cjson.safe")

local M = {}

M.schema = 1
M.empty = '{"schema":1,"revision":0,"by":"nobody","members":{}}'

local keys = { schema = true, revision = true, by = true, members = true }

local function whole(value, low, high)
  return type(value) == "number" and value % 1 == 0 and value >= low and value <= high
end

local function short_text(value, most)
  return type(value) == "string" and #value <= most
end

local function object(value)
  return type(value) == "table" and #value == 0
end

local function entry_problem(entry, entry_keys, more)
  if not object(entry) then
    return "must be an object"
  end
  for key in pairs(entry) do
    if not entry_keys[key] then
      return "unknown key " .. tostring(key)
    end
  end
  if entry.reason ~= nil and not short_text(entry.reason, 1000) then
    return "reason must be a text of at most 1000 bytes"
  end
  return more(entry)
end

local function problems_of(document, entry_keys, more, fields)
  local problems = {}
  local function bad(path, message)
    problems[#problems + 1] = { path = path, message = message }
  end
  if not object(document) then
    bad("", "must be an object")
    return problems
  end
  for key in pairs(document) do
    if not keys[key] and not fields[key] then
      bad(tostring(key), "unknown key")
    end
  end
  for key, problem_of in pairs(fields) do
    local problem = document[key] ~= nil and problem_of(document[key])
    if problem then
      bad(key, problem)
    end
  end
  if document.schema ~= M.schema then
    bad("schema", "this balancer reads version " .. M.schema)
  end
  if not whole(document.revision, 0, 2 ^ 53) then
    bad("revision", "must be a whole number from 0")
  end
  if not short_text(document.by, 253) then
    bad("by", "must be a text of at most 253 bytes")
  end
  if not object(document.members) then
    bad("members", "must be an object")
    return problems
  end
  for key, entry in pairs(document.members) do
    local problem = entry_problem(entry, entry_keys, more)
    if problem then
      bad("members." .. tostring(key), problem)
    end
  end
  return problems
end

-- Decoded document, or nil and every problem as {path, message}. `entry_keys` are those that an entry may have; `more` says what
-- else is wrong with one, or nil. `fields`: what the document itself may say besides, each with what says what is wrong with it.
function M.parse(text, entry_keys, more, fields)
  local decoded, reason = cjson.decode(text)
  if decoded == nil then
    return nil, { { path = "", message = "is not JSON: " .. tostring(reason) } }
  end
  local problems = problems_of(decoded, entry_keys, more, fields or {})
  if #problems > 0 then
    return nil, problems
  end
  return decoded
end

return M
