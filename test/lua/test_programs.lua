package.path = "/usr/lib/hotspare/director/lua/?.lua;" .. package.path
local programs = require("programs")

test("how a command ends is told", function()
  expect(programs.succeeds("true") == true, "true has failed")
  expect(programs.succeeds("exit 3") == false, "exit 3 has succeeded")
end)

test("a command that takes a text tells how it ended, and has read all of it", function()
  local file = os.tmpname()
  expect(programs.takes("grep -q second", "first\nsecond\n", file) == true, "the text was not read")
  expect(programs.takes("cat > /dev/null; exit 1", "text\n", file) == false, "a failure is told as success")
  expect(programs.takes("cat > /dev/null", "text\n", file .. ".none/file") == false, "no file is told as success")
  os.remove(file)
end)

test("what a command prints is read", function()
  expect(programs.read("printf 'a\\nb'") == "a\nb", "another text")
end)
