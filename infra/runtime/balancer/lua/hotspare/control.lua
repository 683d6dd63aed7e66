-- Content handlers of the control server.

local cjson = require("cjson.safe")
local check = require("hotspare.check")
local director = require("hotspare.director")
local leaving = require("hotspare.leaving")
local lease = require("hotspare.lease")
local members = require("hotspare.members")
local operator = require("hotspare.operator")
local overlay = require("hotspare.overlay")
local status = require("hotspare.status")

local M = {}

local function reply(code, document, kind)
  ngx.status = code
  ngx.header["Content-Type"] = kind or "application/json"
  ngx.say(type(document) == "string" and document or cjson.encode(document))
  return ngx.exit(ngx.HTTP_OK)
end

local function body()
  ngx.req.read_body()
  local data = ngx.req.get_body_data()
  if data then
    return data
  end
  local file = ngx.req.get_body_file()
  local handle = file and io.open(file, "r")
  if not handle then
    return ""
  end
  data = handle:read("*a")
  handle:close()
  return data
end

-- A change that could not be kept: 409 when two meet, else 500.
local function failed(reason)
  local busy = reason == "another change is being written"
  return reply(busy and 409 or 500, { error = reason })
end

-- Answers and returns false when the request may change nothing or has a wrong method. `taken`: whether this is a socket that
-- takes changes of it.
local function may(methods, taken)
  local method = ngx.req.get_method()
  if not methods[method] then
    local list = {}
    for name in pairs(methods) do
      list[#list + 1] = name
    end
    table.sort(list)
    ngx.header["Allow"] = table.concat(list, ", ")
    reply(405, { error = "use " .. table.concat(list, " or ") })
    return false
  end
  -- The file mode of the socket's folder is what protects it; a TCP port on loopback protects from nobody in here.
  if method ~= "GET" and not (taken and ngx.var.realip_remote_addr == "unix:") then
    reply(403, { error = "this change is not taken here" })
    return false
  end
  return true
end

-- The whole answer to a change: 200 changed or not, 400 with all problems, 409 when two meet, 500 when it can't be kept.
local function put()
  local text = body()
  local decoded, problems = members.parse(text)
  if not decoded then
    return reply(400, { error = "the document was refused", problems = problems })
  end
  local previous = members.revision()
  local changed, reason = members.replace(text)
  if changed == nil then
    return failed(reason)
  end
  return reply(200, { changed = changed, revision = decoded.revision, previous = previous })
end

function M.members(taken)
  if not may({ GET = true, PUT = true }, taken) then
    return
  end
  if ngx.req.get_method() == "GET" then
    return reply(200, members.text())
  end
  return put()
end

-- What lies on the members. GET tells it; PUT replaces it, when its revision is the one after the current: else 409 with that.
local function laid(name, parse, taken)
  if not may({ GET = true, PUT = true }, taken) then
    return
  end
  if ngx.req.get_method() == "GET" then
    return reply(200, members.laid_text(name))
  end
  local text = body()
  local decoded, problems = parse(text)
  if not decoded then
    return reply(400, { error = "the " .. name .. " document was refused", problems = problems })
  end
  local ok, reason, current = members.replace_laid(name, text, decoded.revision)
  if current then
    return reply(409, { error = reason, revision = current })
  elseif not ok then
    return failed(reason)
  end
  return reply(200, { revision = decoded.revision })
end

function M.overlay(taken)
  return laid("overlay", overlay.parse, taken)
end

function M.operator(taken)
  return laid("operator", operator.parse, taken)
end

-- GET tells the lease or null; PUT grants it ({"holder", "seconds"}; the last one wins); DELETE ends it.
function M.lease(taken)
  if not may({ DELETE = true, GET = true, PUT = true }, taken) then
    return
  end
  local method = ngx.req.get_method()
  if method ~= "GET" then
    local granted
    if method == "PUT" then
      local problem
      granted, problem = lease.grant(body(), ngx.now())
      if not granted then
        return reply(400, { error = problem })
      end
    end
    local ok, reason = members.set_lease(granted)
    if not ok then
      return failed(reason)
    end
  end
  return reply(200, cjson.encode(members.lease() or cjson.null))
end

-- PUT {"seconds"} asks clients to end their connections, for so long at most; DELETE no longer. GET ?by=<addresses> also tells how many
-- questions that one of them has asked since then that asked least.
function M.leaving(taken)
  if not may({ DELETE = true, GET = true, PUT = true }, taken) then
    return
  end
  local method = ngx.req.get_method()
  if method ~= "GET" then
    local asked = method == "PUT" and (cjson.decode(body()) or {}) or {}
    local problem = leaving.set(method == "PUT" and (asked.seconds or 0) or nil)
    if problem then
      return reply(400, { error = problem })
    end
  end
  return reply(200, { leaving = leaving.get(), told = leaving.told(ngx.var.arg_by or "") })
end

-- Longest wait, in seconds, of whoever asks for the next table.
local longest_wait = 1

-- GET ?known=<version> tells the table as it should be, once it is another one or after a second; PUT says what the kernel has.
function M.table(taken)
  if not may({ GET = true, PUT = true }, taken) then
    return
  end
  if ngx.req.get_method() == "PUT" then
    local ok, problem = director.see(body())
    return reply(ok and 200 or 400, ok and { seen = true } or { error = problem })
  end
  local known, limit = ngx.var.arg_known, ngx.now() + longest_wait
  while director.version() == known and ngx.now() < limit do
    ngx.sleep(0.02)
  end
  return reply(200, director.wanted())
end

-- PUT {"address", "port", "health"}: one check of a machine that may not be a member yet, as members are checked.
function M.check(taken)
  if not may({ PUT = true }, taken) then
    return
  end
  local asked = cjson.decode(body())
  if type(asked) ~= "table" or type(asked.health) ~= "table" then
    return reply(400, { error = 'must be {"address","port","health"}' })
  end
  local passed, why = check.run(asked, asked.health, asked.health.timeoutMs or 1000)
  return reply(200, { passed = passed == true, why = tostring(why) })
end

function M.status()
  return reply(200, status.status())
end

function M.health()
  local document = status.health()
  return reply(document.status == "fail" and 503 or 200, document, "application/health+json")
end

return M
