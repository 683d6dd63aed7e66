package.path = "/usr/lib/hotspare/director/lua/?.lua;" .. package.path
local reconcile = require("reconcile")

-- As `ipvsadm -Sn`, `-Ln --exact` and `-Ln --stats --exact` of 1.31 say it.
local rules = [[
-A -t 10.0.0.10:5432 -s mh -b flag-1,flag-2
-a -t 10.0.0.10:5432 -r 10.0.0.21:5432 -g -w 2
-a -t 10.0.0.10:5432 -r 10.0.0.22:5432 -g -w 1
-A -u 10.0.0.10:30000 -s wrr -p 300
]]
local exact = [[
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.10:5432 mh (mh-fallback,mh-port)
  -> 10.0.0.21:5432               Route   2      7          1
  -> 10.0.0.22:5432               Route   1      0          0
UDP  10.0.0.10:30000 wrr persistent 300
]]
local stats = [[
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.0.0.10:5432                     12      345        0    67890        0
  -> 10.0.0.21:5432                      9      300        0    60000        0
]]

local function service(fields)
  local one = {
    protocol = "tcp", port = 5432, scheduler = "mh", flags = { "mh-port", "mh-fallback" },
    destinations = {
      { address = "10.0.0.21", port = 5432, weight = 2 }, { address = "10.0.0.22", port = 5432, weight = 1 },
    },
  }
  for key, value in pairs(fields or {}) do
    one[key] = value
  end
  return one
end

local game = { protocol = "udp", port = 30000, scheduler = "wrr", flags = {}, persistence = 300, destinations = {} }

local function commands(services, given_up)
  local want = { address = "10.0.0.10", services = services }
  local lines = reconcile.commands(want, reconcile.parse_rules(rules), reconcile.parse_connections(exact), given_up)
  return table.concat(lines, "\n")
end

local function same(found, wanted)
  expect(found == wanted, "%s\ninstead of\n%s", found, wanted)
end

test("a table that is as it should be gets no line", function()
  same(commands({ service(), game }), "")
end)

test("an empty table gets everything, in the order of the members", function()
  local want = { address = "10.0.0.10", services = { service(), game } }
  same(table.concat(reconcile.commands(want, {}, reconcile.parse_connections("")), "\n"), [[
-A -t 10.0.0.10:5432 -s mh -b mh-port,mh-fallback
-a -t 10.0.0.10:5432 -r 10.0.0.21:5432 -g -w 2
-a -t 10.0.0.10:5432 -r 10.0.0.22:5432 -g -w 1
-A -u 10.0.0.10:30000 -s wrr -p 300]])
end)

test("a weight changes in place, and so does a scheduler", function()
  local changed = service({ scheduler = "wlc", flags = {}, destinations = {
    { address = "10.0.0.21", port = 5432, weight = 5 }, { address = "10.0.0.22", port = 5432, weight = 1 },
  } })
  same(commands({ changed, game }), [[
-E -t 10.0.0.10:5432 -s wlc
-e -t 10.0.0.10:5432 -r 10.0.0.21:5432 -g -w 5]])
end)

test("who has left gets nothing new while connections are open there, and goes after the last", function()
  local one = { { address = "10.0.0.22", port = 5432, weight = 1 } }
  same(commands({ service({ destinations = one }), game }), "-e -t 10.0.0.10:5432 -r 10.0.0.21:5432 -g -w 0")
  local other = { { address = "10.0.0.21", port = 5432, weight = 2 } }
  same(commands({ service({ destinations = other }), game }), "-d -t 10.0.0.10:5432 -r 10.0.0.22:5432")
end)

test("who is given up goes with its open connections", function()
  local one = { { address = "10.0.0.22", port = 5432, weight = 1 } }
  same(commands({ service({ destinations = one }), game }, { ["10.0.0.21:5432"] = true }),
    "-d -t 10.0.0.10:5432 -r 10.0.0.21:5432")
end)

test("a service that is gone goes", function()
  same(commands({ service() }), "-D -u 10.0.0.10:30000")
end)

test("the status has connections and counters of each destination", function()
  local described = reconcile.described(
    reconcile.parse_rules(rules), reconcile.parse_connections(exact), reconcile.parse_counters(stats))
  local first = described[1].destinations[1]
  expect(described[1].port == 5432 and described[1].scheduler == "mh", "another service")
  expect(first.active == 7 and first.inactive == 1 and first.connections == 9 and first.bytesIn == 60000, "other counts")
  expect(described[2].persistence == 300 and #described[2].destinations == 0, "another second service")
end)

test("daemons that run are known, as ipvsadm 1.31 lists them", function()
  local running = reconcile.parse_daemons("master sync daemon (mcast=eth0, syncid=7)\n")
  expect(running.master and not running.backup, "not the master alone")
  local both = reconcile.parse_daemons(
    "master sync daemon (mcast=eth0, syncid=7)\nbackup sync daemon (mcast=eth0, syncid=7)\n")
  expect(both.master and both.backup, "not both")
  expect(next(reconcile.parse_daemons("")) == nil, "one that does not run")
end)
