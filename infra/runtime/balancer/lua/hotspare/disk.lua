-- Files of documents, whole or absent.

local ffi = require("ffi")

ffi.cdef([[
int open(const char *file, int flags, ...);
ssize_t read(int descriptor, void *buffer, size_t most);
int close(int descriptor);
]])

local M = {}

local read_only, without_waiting = 0, 0x800
-- open(2): the one flag of these that differs by the processor.
local no_link = ffi.arch:match("^arm") and 0x8000 or 0x20000
local piece, most = 65536, 64 * 1024 * 1024

-- The text, or nil and why there is none. nginx reads as root when it starts and reloads, and its workers may write to the folder of
-- documents: one that was taken over may have put a link there, to what is root's alone, or a pipe, which would be waited for.
function M.read(file)
  local descriptor = ffi.C.open(file, read_only + without_waiting + no_link)
  if descriptor < 0 then
    return nil, string.format("%s can't be opened (errno %d)", file, ffi.errno())
  end
  local pieces, length, buffer = {}, 0, ffi.new("char[?]", piece)
  local count
  repeat
    count = tonumber(ffi.C.read(descriptor, buffer, piece))
    if count > 0 then
      pieces[#pieces + 1] = ffi.string(buffer, count)
      length = length + count
    end
  until count <= 0 or length > most
  local reason = ffi.errno()
  ffi.C.close(descriptor)
  if count ~= 0 then
    return nil, string.format("%s can't be read (errno %d, %d bytes)", file, reason, length)
  end
  return table.concat(pieces)
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
