-- Paths that a node might read as another route's. nginx decodes a path, removes dot segments and merges slashes to find its route, and
-- passes it on as it was sent. A node that goes by something else (`\` for `/`, no case, without `;parameters`, decoded twice, not
-- decoded at all) may take it for a path of another route, whose limits the request has then dodged. So a path is read in every such
-- way, and refused if one of them leads to another route. What all read alike passes byte for byte.

local M = {}

local function add(list, text)
  for i = 1, #list do
    if list[i] == text then
      return
    end
  end
  list[#list + 1] = text
end

local function character(hex)
  return string.char(tonumber(hex, 16))
end

local function decode(text)
  return (text:gsub("%%(%x%x)", character))
end

-- What a server decodes that leaves alone whatever would change the path's parts.
local parts = "[/\\.;%%#?%z\1-\31]"

local function decode_letters(text)
  return (text:gsub("%%(%x%x)", function(hex)
    local one = character(hex)
    return one:find(parts) and "%" .. hex or one
  end))
end

-- Overlong UTF-8 of `/`, `.` and `\`, which old decoders take for them.
local function overlong(text)
  return (text:gsub("\192\175", "/"):gsub("\192\174", "."):gsub("\193\156", "\\"))
end

-- Without `;parameters`, as Java's servers read each segment.
local function without_parameters(text)
  return (text:gsub(";[^/]*", ""))
end

-- Dot segments removed and slashes merged (RFC 3986, 5.2.4).
local function resolved(text)
  local kept, last = {}, ""
  for segment in text:gmatch("[^/]+") do
    last = segment
    if segment == ".." then
      kept[#kept] = nil
    elseif segment ~= "." then
      kept[#kept + 1] = segment
    end
  end
  local ends = text:sub(-1) == "/" or last == "." or last == ".."
  return "/" .. table.concat(kept, "/") .. (ends and #kept > 0 and "/" or "")
end

-- Every text that a node may compare with its own paths; `path` as it was sent, without its query.
function M.readings(path)
  local decoded = decode(path)
  local bases = {}
  for _, text in ipairs({ decode_letters(path), decoded, overlong(decoded), decode(decoded) }) do
    add(bases, text)
    if text:find("\\", 1, true) then
      add(bases, (text:gsub("\\", "/")))
    end
  end
  for i = 1, #bases do
    if bases[i]:find(";", 1, true) then
      add(bases, without_parameters(bases[i]))
    end
    if bases[i]:find("#", 1, true) then
      add(bases, bases[i]:match("^[^#]*"))
    end
  end
  local all = {}
  for i = 1, #bases do
    add(all, bases[i])
    add(all, resolved(bases[i]))
  end
  return all
end

-- The route that a text leads to, in lower case if `fold`: of the list's prefixes, longest first. A route `/api/` has `/api` as well:
-- who asks for it is sent there.
local function route_of(routes, text, fold)
  for i = 1, #routes do
    local route = fold and routes[i]:lower() or routes[i]
    if text:sub(1, #route) == route or text .. "/" == route then
      return route
    end
  end
  return nil
end

-- Whether everybody reads a path (as it was sent) as one of the route that nginx found by `uri`.
function M.is_plain(routes, uri, path)
  local route = route_of(routes, uri, false)
  -- A stack that writes such characters into its own routes means them.
  if not route or route:find("[\\;%%#?]") then
    return true
  end
  local folded = route:lower()
  for _, text in ipairs(M.readings(path)) do
    if route_of(routes, text, false) ~= route or route_of(routes, text:lower(), true) ~= folded then
      return false
    end
  end
  return true
end

-- Called for the few requests that have anything out of the ordinary. `site` is the server's in nginx.conf.
function M.check()
  local var = ngx.var
  local routes = require("hotspare").options.routes[var.hotspare_site or "*"]
  -- A request to a proxy names scheme and host before the path.
  local path = var.request_uri:gsub("^%a[%w+.-]*://[^/?#]*", ""):match("^[^?]*")
  if routes and not M.is_plain(routes, var.uri, path == "" and "/" or path) then
    require("hotspare.errors").refuse(400, "the path can be read as another route's")
  end
end

return M
