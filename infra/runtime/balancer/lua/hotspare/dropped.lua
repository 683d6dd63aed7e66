-- Says in the log that nginx has left out headers with an underscore in their name, which applications then miss. nginx tells it only
-- among every connection's end. Looked for once a second in each worker, so that it costs nothing: a header that is really used is found.
-- HTTP/1 only: of HTTP/2 Lua knows no header as it was sent.

local M = {}

local looked, told = 0, {}

-- Names with an underscore in a header as it was sent.
function M.names(raw)
  local names = {}
  for name in ("\n" .. raw):gmatch("\n([%w-]*_[%w_-]*):") do
    names[#names + 1] = name
  end
  return names
end

function M.note()
  local now = ngx.now()
  if now - looked < 1 or ngx.req.http_version() ~= 1.1 then
    return
  end
  looked = now
  for _, name in ipairs(M.names(ngx.req.raw_header(true))) do
    -- At most so many: names are the clients' to choose.
    if not told[name] and #told < 100 then
      told[name] = true
      told[#told + 1] = name
      ngx.log(ngx.WARN, "the header ", name, " doesn't reach nodes: it has an underscore, and balancer.headers.underscores is false")
    end
  end
end

return M
