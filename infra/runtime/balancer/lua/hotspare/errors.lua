-- What the balancer itself answers when it refuses or has nobody to ask: JSON for those who ask for JSON, else a short page; with the
-- id by which the log has the request.

local cjson = require("cjson.safe")

local M = {}

local titles = {
  [400] = "Bad Request", [413] = "Content Too Large", [429] = "Too Many Requests", [500] = "Internal Server Error",
  [502] = "Bad Gateway", [503] = "Service Unavailable", [504] = "Gateway Timeout",
}

-- Seconds after which a refused client may come again. Limits count by the second.
local again = { [429] = 1, [503] = 1 }

-- The type of the body by what a client accepts (RFC 9110, 12.5.1). JSON for who names it, and doesn't name HTML before it.
function M.kind(accept)
  accept = (type(accept) == "table" and table.concat(accept, ",") or accept or ""):lower()
  local json, html = accept:find("[/+]json"), accept:find("text/html", 1, true)
  if not json or (html and html < json) then
    return "text/html"
  end
  return accept:find("application/problem+json", 1, true) and "application/problem+json" or "application/json"
end

-- RFC 9457, with two members of ours. after: seconds; left out, what the status has.
function M.body(kind, status, detail, id, after)
  local title = titles[status] or "Error"
  if kind ~= "text/html" then
    return cjson.encode({
      type = "about:blank", title = title, status = status, detail = detail, requestId = id, retryAfter = after or again[status],
    }) .. "\n"
  end
  return "<!doctype html>\n<title>" .. status .. " " .. title .. "</title>\n<h1>" .. status .. " " .. title .. "</h1>\n<p>"
    .. (detail and detail .. ". " or "") .. "Request " .. id .. "</p>\n"
end

-- nginx has taken what a node sent for HTTP/0.9, and now sends this client no header by itself.
local function has_no_header()
  return ngx.req.http_version() == 0.9 and ngx.var.server_protocol:sub(1, 6) == "HTTP/1"
end

-- An answer of HTTP/1.1 with its header, as bytes.
function M.bytes(kind, status, body, method)
  local lines = {
    "HTTP/1.1 " .. status .. " " .. (titles[status] or "Error"), "Content-Type: " .. kind, "Content-Length: " .. #body,
    "Cache-Control: no-store", "Connection: close", "", method == "HEAD" and "" or body,
  }
  return table.concat(lines, "\r\n")
end

-- To HEAD nginx sends no body, and here the header is a part of that: so past nginx, on the connection itself.
local function send_bytes(bytes, method)
  local socket = method == "HEAD" and ngx.req.socket(true)
  if socket then
    socket:send(bytes)
  else
    ngx.print(bytes)
  end
end

-- page: HTML for those who don't ask for JSON; left out, a short page of ours.
local function send(status, detail, after, page)
  local kind = M.kind(ngx.var.http_accept)
  local own = kind == "text/html" and page
  local body = own or M.body(kind, status, detail, ngx.var.request_id, after)
  ngx.status = status
  if has_no_header() then
    return send_bytes(M.bytes(kind, status, body, ngx.var.request_method), ngx.var.request_method)
  end
  ngx.header["Content-Type"] = own and "text/html; charset=utf-8" or kind
  ngx.header["Content-Length"] = #body
  ngx.header["Cache-Control"] = "no-store"
  ngx.header["Retry-After"] = after or again[status]
  ngx.print(body)
end

local function answer(status, detail, after)
  send(status, detail, after)
  return ngx.exit(status)
end

-- For maintenance.
function M.closed(page, after)
  send(503, "This service is being maintained", after, page)
  return ngx.exit(ngx.HTTP_OK)
end

-- From the location that nginx.conf sends its own errors to. Where the budget ended a request after a node had answered, nginx knows
-- of 502 only, and the client is to get the node's status, and when the node said to come again.
function M.answer()
  if ngx.var.hotspare_closed == "1" then
    return require("hotspare.maintenance").answer()
  end
  -- Only here: it needs nginx, and what is pure of this file is tested without.
  local request = require("hotspare.requests").get()
  if not request or not request.status then
    return answer(ngx.status)
  end
  return answer(request.status, nil, request.after and math.max(1, math.ceil(request.after)))
end

function M.refuse(status, detail)
  return answer(status, detail)
end

return M
