-- Content handlers of the control server.

local cjson = require("cjson.safe")
local members = require("hotspare.members")
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
    local busy = reason == "another change is being written"
    return reply(busy and 409 or 500, { error = reason })
  end
  return reply(200, { changed = changed, revision = decoded.revision, previous = previous })
end

function M.members()
  local method = ngx.req.get_method()
  if method == "GET" then
    return reply(200, members.text())
  end
  if method ~= "PUT" then
    ngx.header["Allow"] = "GET, PUT"
    return reply(405, { error = "use GET or PUT" })
  end
  -- The file mode of the socket's folder is what protects it; a TCP port on loopback protects from nobody in here.
  if ngx.var.realip_remote_addr ~= "unix:" then
    return reply(403, { error = "changes are taken on the unix socket only" })
  end
  return put()
end

function M.status()
  return reply(200, status.status())
end

function M.health()
  local document = status.health()
  return reply(document.status == "fail" and 503 or 200, document, "application/health+json")
end

return M
