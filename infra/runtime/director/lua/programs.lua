-- Programs that are run from Lua, and how they end.

local M = {}

function M.read(command)
  local handle = io.popen(command, "r")
  local text = handle:read("*a")
  handle:close()
  return text
end

-- Whether a command ends well. Not by a pipe: LuaJIT closes one with true whatever its program's exit code was. Built with the rules of
-- Lua 5.2, it gives a boolean here in place of a number.
function M.succeeds(command)
  local result = os.execute(command)
  return result == 0 or result == true
end

-- Whether a command that reads this text ends well. The text goes through a file, which nobody else may be able to write.
function M.takes(command, text, file)
  local handle = io.open(file, "w")
  if not handle then
    return false
  end
  handle:write(text)
  handle:close()
  return M.succeeds(command .. " < " .. file)
end

return M
