-- Keeps the kernel's IPVS table as the balancer's control program wants it, and tells that what is there. A program of root's, since
-- nginx's workers may not change the table. Asks again at once: an answer comes when something has changed, or after a second.

package.path = "/usr/lib/hotspare/director/lua/?.lua;" .. package.path
local cjson = require("cjson.safe")
local programs = require("programs")
local reconcile = require("reconcile")

local socket = "/run/hotspare-desired/control.sock"
local read = programs.read
local ask = "curl --silent --fail --max-time 4 --unix-socket " .. socket .. " "

-- Root's alone to write.
local rules = "/run/hotspare/table.rules"

local function send(command, text)
  local handle = io.popen(command, "w")
  handle:write(text)
  handle:close()
end

local function kernel()
  local handle = io.open("/run/hotspare/director", "r")
  local text = handle and handle:read("*l")
  if handle then
    handle:close()
  end
  return text
end

local function say(...)
  io.stderr:write("hotspare: ", string.format(...), "\n")
end

-- Where each director tells the others of its connections, so that a packet of one that it has not seen finds its node. The kernel's
-- daemons outlive this program, and one that runs can't be started.
local function sync(want)
  local running = reconcile.parse_daemons(read("ipvsadm -L --daemon"))
  local on = " --mcast-interface " .. want.sync.card .. " --syncid " .. want.sync.id
  for _, state in ipairs({ "master", "backup" }) do
    if not running[state] and not programs.succeeds("ipvsadm --start-daemon " .. state .. on) then
      say("connections are not told to other directors: the daemon (%s) can't be started", state)
    end
  end
end

-- Since when a destination is there that is not wanted, by "address:port".
local left = {}

-- Whose connections are ended: lost for too long, or left for longer than a drain may take.
local function given_up(want, have)
  local set, known, wanted, now = {}, {}, {}, os.time()
  for _, where in ipairs(want.givenUp) do
    set[where] = true
  end
  for _, service in ipairs(want.services) do
    for _, one in ipairs(service.destinations) do
      wanted[one.address .. ":" .. one.port] = true
    end
  end
  for _, service in ipairs(have) do
    for _, one in ipairs(service.destinations) do
      if not wanted[one.where] then
        known[one.where] = left[one.where] or now
        if now - known[one.where] > want.drain then
          set[one.where] = true
        end
      end
    end
  end
  left = known
  return set
end

local version, synced = "", false
while true do
  local want = cjson.decode(read(ask .. "'http://control/table?known=" .. version .. "'"))
  if not want then
    os.execute("sleep 0.2")
  else
    if not synced and want.sync then
      sync(want)
      synced = true
    end
    version = want.version
    local have = reconcile.parse_rules(read("ipvsadm -Sn"))
    local connections = reconcile.parse_connections(read("ipvsadm -Ln --exact"))
    local lines = reconcile.commands(want, have, connections, given_up(want, have))
    if #lines > 0 then
      say("table: %s", table.concat(lines, "; "))
      -- It tells of the last line alone how it ended; what is still missing of the others is seen at the next look.
      if not programs.takes("ipvsadm -R", table.concat(lines, "\n") .. "\n", rules) then
        say("the kernel did not take all of it")
        version = ""
        os.execute("sleep 0.5")
      end
      have = reconcile.parse_rules(read("ipvsadm -Sn"))
    end
    local counters = reconcile.parse_counters(read("ipvsadm -Ln --stats --exact"))
    local seen = { kernel = kernel(), services = reconcile.described(have, connections, counters) }
    send(ask .. "--request PUT --data-binary @- --output /dev/null http://control/table", cjson.encode(seen))
  end
end
