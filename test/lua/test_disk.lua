local disk = require("hotspare.disk")

-- In a folder of its own: pipes and links as a worker that was taken over could put them in place of documents.
local function prepared()
  local pipe = assert(io.popen("mktemp -d"))
  local folder = pipe:read("*l")
  pipe:close()
  os.execute(
    "cd " .. folder .. " && mkfifo pipe && ln -s /etc/passwd link && ln -s /dev/zero endless && mkdir folder"
      .. " && printf '{}\\n' > short && : > empty && head -c 200000 /dev/zero | tr '\\0' x > long"
  )
  return function(name)
    return disk.read(folder .. "/" .. name)
  end
end

test("a document is read whole", function()
  local read = prepared()
  expect(read("short") == "{}\n", "%s", tostring(read("short")))
  expect(read("empty") == "", "the empty one isn't")
  expect(read("long") == ("x"):rep(200000), "%d bytes", #(read("long") or ""))
end)

test("a link is not followed, a pipe is not waited for, and what isn't there is told", function()
  local read = prepared()
  for _, name in ipairs({ "link", "endless", "folder", "missing" }) do
    local text, why = read(name)
    expect(text == nil and why:find(name, 1, true), "%s: %s %s", name, tostring(text), tostring(why))
  end
  -- No document either: it has no text.
  expect(read("pipe") == "", "%s", tostring(read("pipe")))
end)
