-- The lease: somebody (an `up`) changes the cluster, and wardens leave machines alone meanwhile. It ends by itself, so
-- that a crash of its holder holds up nothing. Pure.

local cjson = require("cjson.safe")

local M = {}

-- A lease lasts at most so many seconds from now on, whatever the clock does: its holder renews it.
M.longest = 120

-- {holder, until} of a request, or nil and what is wrong with it.
function M.grant(text, now)
  local asked = cjson.decode(text)
  if type(asked) ~= "table" then
    return nil, 'must be {"holder":"…","seconds":N}'
  end
  local holder, seconds = asked.holder, asked.seconds
  if type(holder) ~= "string" or holder == "" or #holder > 253 or holder:find("%c") then
    return nil, "holder must be a text of 1 to 253 bytes"
  end
  if type(seconds) ~= "number" or seconds < 1 or seconds > M.longest then
    return nil, "seconds must be a number from 1 to " .. M.longest
  end
  return { holder = holder, ["until"] = now + seconds }
end

-- The lease as text in memory or in its file, when it is live: {holder, secondsLeft}. A garbled one is none. One that
-- seems to last longer than any can was granted before a jump of the clock; it is none either.
function M.read(text, now)
  local lease = text and cjson.decode(text)
  if type(lease) ~= "table" or type(lease.holder) ~= "string" or type(lease["until"]) ~= "number" then
    return nil
  end
  local left = lease["until"] - now
  if left <= 0 or left > M.longest then
    return nil
  end
  return { holder = lease.holder, secondsLeft = math.ceil(left * 1000) / 1000 }
end

return M
