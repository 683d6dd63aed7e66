-- Files of documents, whole or absent.

local M = {}

-- The text, or nil and why there is none.
function M.read(file)
  local handle, reason = io.open(file, "r")
  if not handle then
    return nil, reason
  end
  local text = handle:read("*a")
  handle:close()
  return text
end

-- Replaces a file by a rename. True, or nil and why not.
function M.write(file, text)
  local temporary = string.format("%s.%d.tmp", file, ngx.worker.pid())
  local handle, reason = io.open(temporary, "w")
  if not handle then
    return nil, reason
  end
  local ok, failed = handle:write(text)
  -- A full disk often shows only here.
  local closed, unclosed = handle:close()
  if not (ok and closed) then
    os.remove(temporary)
    return nil, failed or unclosed
  end
  return os.rename(temporary, file)
end

return M
