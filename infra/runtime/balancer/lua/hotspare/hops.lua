-- Removes the fields that a client's `Connection` names: they are for its connection to the balancer, and no node may see them
-- (RFC 9110, 7.6.1). nginx.conf calls this for the few requests only that name something out of the ordinary.

local M = {}

-- nginx minds these itself, or a request is not what it was without them.
local kept = {
  connection = true, ["content-length"] = true, ["content-type"] = true, ["transfer-encoding"] = true, host = true,
  upgrade = true, authorization = true, cookie = true, ["sec-websocket-key"] = true, ["sec-websocket-version"] = true,
}

-- The names in the values of `Connection` (a string or a list of strings), in lower case, without those that stay.
function M.named(values)
  local names = {}
  for _, value in ipairs(type(values) == "table" and values or { values }) do
    for name in value:gmatch("[^,%s]+") do
      name = name:lower()
      if not kept[name] then
        names[#names + 1] = name
      end
    end
  end
  return names
end

-- How far a request of OPTIONS may go: who is asked at 0 answers (RFC 9110, 7.6.2).
local function count_forwards(left)
  local number = tonumber(left)
  if number == 0 then
    return ngx.exit(204)
  elseif number then
    ngx.req.set_header("Max-Forwards", number - 1)
  end
end

function M.remove()
  local left = ngx.req.get_method() == "OPTIONS" and ngx.var.http_max_forwards
  if left then
    count_forwards(left)
  end
  for _, name in ipairs(M.named(ngx.req.get_headers(0, true)["Connection"])) do
    ngx.req.clear_header(name)
  end
end

return M
