local verdict = require("hotspare.verdict")

local refused = { status = "502", connect = "0.000", header = "-", sent = "0", received = "0" }
local broken = { status = "502", connect = "0.000", header = "-", sent = "120", received = "0" }
local half = { status = "502", connect = "0.000", header = "-", sent = "120", received = "4096" }

local function with(try, changes)
  local copy = {}
  for key, value in pairs(try) do
    copy[key] = value
  end
  for key, value in pairs(changes) do
    copy[key] = value
  end
  return copy
end

local function says(name, want, try, retryable)
  test(name, function()
    local got = verdict(try, retryable)
    expect(got == want, "it says %s, not %s", tostring(got), tostring(want))
  end)
end

says("nobody who connects in time is lost", "lost", { status = "504", connect = "-", header = "-", sent = "-", received = "-" }, true)
says("who refuses a new connection is lost", "lost", with(refused, { reused = false }), true)
says("who has closed an idle connection is nothing", nil, with(refused, { reused = true }), true)
says("a refusal that may be an idle connection's end is no loss", "failing", refused, false)
says("a connection that breaks with the request on it is no loss", "failing", with(broken, { reused = false }), true)
says("nor is one that had served before", "failing", with(broken, { reused = true }), true)
says("nor where the request can't be repeated", "failing", with(broken, { reused = false }), false)
says("an answer that can't be read says nothing of the member", nil, with(half, { reused = false }), false)
says("an answer that breaks off in its header does", "failing", with(half, { reused = false }), true)
says("503 by the member itself", "failing", with(half, { status = "503", header = "0.002", reused = false }), false)
says("504 by the member itself is no silence", "failing", with(half, { status = "504", header = "0.002", reused = false }), true)
says("silence", "silent", { status = "504", connect = "0.000", header = "-", sent = "120", received = "0" }, true)
says("silence while the request is being sent", "silent", { status = "504", connect = "0.000", header = "-", sent = "0", received = "0" }, true)
