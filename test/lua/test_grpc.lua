local grpc = require("hotspare.grpc")

local function hex(text)
  return (text:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end))
end

test("a frame has its length, type, flags and stream in front", function()
  expect(grpc.frame(4, 1, 0, "") == hex("000000040100000000"), "an empty frame")
  expect(grpc.frame(0, 1, 1, ("x"):rep(300)):sub(1, 9) == hex("00012c000100000001"), "a long frame")
  local length, kind, flags = grpc.head(hex("00012c000100000001"))
  expect(length == 300 and kind == 0 and flags == 1, "%d %d %d", length, kind, flags)
end)

test("the question names the service", function()
  expect(grpc.question("a", "shop"):sub(-20) == hex("00000b0001000000010000000006") .. hex("0a04") .. "shop", "service shop")
  expect(grpc.question("a", ""):sub(-14) == hex("0000050001000000010000000000"), "no service")
end)

local function answers(...)
  local so_far, passed, why = {}, nil, nil
  for _, frame in ipairs({ ... }) do
    local _, kind, flags = grpc.head(frame)
    passed, why = grpc.take(so_far, kind, flags, frame:sub(10))
    if passed ~= nil then
      break
    end
  end
  return passed, why
end

local cases = {
  { "SERVING", true, "00000000020801" }, { "NOT_SERVING", false, "00000000020802" }, { "UNKNOWN", false, "0000000000" },
  { "SERVICE_UNKNOWN", false, "00000000020803" },
}
for _, case in ipairs(cases) do
  test("the answer " .. case[1] .. " is read, whole, in pieces and padded", function()
    local body = hex(case[3])
    local pieces = { grpc.frame(1, 4, 1, "") }
    for i = 1, #body do
      pieces[#pieces + 1] = grpc.frame(0, 0, 1, body:sub(i, i))
    end
    for _, frames in ipairs({ { grpc.frame(0, 0, 1, body) }, pieces, { grpc.frame(0, 8, 1, "\3" .. body .. "\0\0\0") } }) do
      local passed, why = answers(unpack(frames))
      expect(passed == case[2] and why == "gRPC " .. case[1], "%s %s", tostring(passed), tostring(why))
    end
  end)
end

test("trailers without a message, a reset and a goodbye are failures", function()
  for _, frame in ipairs({ grpc.frame(1, 5, 1, ""), grpc.frame(3, 0, 1, "\0\0\0\7"), grpc.frame(7, 0, 0, ("\0"):rep(8)) }) do
    expect(answers(frame) == false, "is no failure")
  end
end)

test("settings and pings are answered, and their answers are not", function()
  local _, _, reply = grpc.take({}, 4, 0, "")
  expect(reply == grpc.frame(4, 1, 0, ""), "settings")
  _, _, reply = grpc.take({}, 6, 0, "12345678")
  expect(reply == grpc.frame(6, 1, 0, "12345678"), "ping")
  _, _, reply = grpc.take({}, 4, 1, "")
  expect(reply == nil, "an answer")
end)
