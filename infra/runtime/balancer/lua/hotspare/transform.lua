-- Answers that nobody on the way may change: `Cache-Control: no-transform` (RFC 9110, 7.7). nginx compresses them all the same.

local M = {}

-- Called when an answer begins, before nginx looks whether the client takes compressed ones: then it looks as if it didn't.
function M.header()
  local control = ngx.header["Cache-Control"]
  local text = type(control) == "table" and table.concat(control, ",") or control
  if text and text:lower():find("no-transform", 1, true) then
    ngx.req.clear_header("Accept-Encoding")
  end
end

return M
