-- From the table that is wanted and what `ipvsadm` tells to the lines that `ipvsadm -R` takes. Pure.

local M = {}

local option = { tcp = "-t", udp = "-u" }
local protocol = { ["-t"] = "tcp", ["-u"] = "udp", TCP = "tcp", UDP = "udp" }
-- ipvsadm(8): what a scheduler's option is called in the table.
local flag_names = {
  ["mh-fallback"] = "flag-1", ["mh-port"] = "flag-2", ["sh-fallback"] = "flag-1", ["sh-port"] = "flag-2",
}

local function flags_of(list)
  local names = {}
  for _, flag in ipairs(list) do
    names[#names + 1] = flag_names[flag] or flag
  end
  table.sort(names)
  return table.concat(names, ",")
end

local function split(text, pattern)
  local list = {}
  for part in text:gmatch(pattern) do
    list[#list + 1] = part
  end
  return list
end

-- The table by `ipvsadm -Sn`: services in its order, each {id, protocol, where, scheduler, flags, persistence, destinations}.
function M.parse_rules(text)
  local services, by_id = {}, {}
  for line in text:gmatch("[^\n]+") do
    local words = split(line, "%S+")
    local values = {}
    for i = 2, #words do
      if words[i]:sub(1, 1) == "-" then
        values[words[i]] = words[i + 1] or ""
      end
    end
    local kind = values["-t"] and "-t" or "-u"
    local where = values[kind]
    if words[1] == "-A" and where then
      local service = {
        id = kind .. " " .. where, protocol = protocol[kind], where = where, scheduler = values["-s"],
        flags = flags_of(split(values["-b"] or "", "[^,]+")), persistence = tonumber(values["-p"]), destinations = {},
      }
      services[#services + 1], by_id[service.id] = service, service
    elseif words[1] == "-a" and where and by_id[kind .. " " .. where] then
      local list = by_id[kind .. " " .. where].destinations
      list[#list + 1] = { where = values["-r"], weight = tonumber(values["-w"]) }
    end
  end
  return services
end

-- Connections by `ipvsadm -Ln --exact` and counters by `ipvsadm -Ln --stats --exact`: two functions of a service's id and a
-- destination's `where`, that tell a table of numbers.
local function parse_columns(text, names, first)
  local found, service = {}, nil
  for line in text:gmatch("[^\n]+") do
    local words = split(line, "%S+")
    if protocol[words[1]] then
      service = option[protocol[words[1]]] .. " " .. words[2]
    elseif words[1] == "->" and service then
      local numbers = {}
      for i, name in ipairs(names) do
        numbers[name] = tonumber(words[first + i - 1])
      end
      found[service .. " " .. words[2]] = numbers
    end
  end
  return function(id, where)
    return found[id .. " " .. where] or {}
  end
end

function M.parse_connections(text)
  return parse_columns(text, { "active", "inactive" }, 5)
end

function M.parse_counters(text)
  return parse_columns(text, { "connections", "packetsIn", "packetsOut", "bytesIn", "bytesOut" }, 3)
end

-- `ipvsadm -L --daemon`: which of "master" and "backup" runs.
function M.parse_daemons(text)
  local running = {}
  for state in text:gmatch("(%a+) sync daemon") do
    running[state] = true
  end
  return running
end

local function service_line(verb, id, service)
  local line = verb .. " " .. id .. " -s " .. service.scheduler
  if #service.flags > 0 then
    line = line .. " -b " .. table.concat(service.flags, ",")
  end
  return service.persistence and line .. " -p " .. service.persistence or line
end

local function destination_line(verb, id, where, weight)
  local line = verb .. " " .. id .. " -r " .. where
  return weight and line .. " -g -w " .. weight or line
end

local function same_service(want, have)
  return want.scheduler == have.scheduler and flags_of(want.flags) == have.flags and want.persistence == have.persistence
end

local function compare_destinations(lines, id, want, have, connections)
  local wanted, there = {}, {}
  for _, one in ipairs(have) do
    there[one.where] = one.weight
  end
  for _, one in ipairs(want) do
    local where = one.address .. ":" .. one.port
    wanted[where] = true
    if there[where] == nil then
      lines[#lines + 1] = destination_line("-a", id, where, one.weight)
    elseif there[where] ~= one.weight then
      lines[#lines + 1] = destination_line("-e", id, where, one.weight)
    end
  end
  for _, one in ipairs(have) do
    -- Who has left goes once nothing is open there; who is given up is not in `want` either, and has no time left.
    local open = connections(id, one.where).active or 0
    if not wanted[one.where] and (open == 0 or want.given_up[one.where]) then
      lines[#lines + 1] = destination_line("-d", id, one.where)
    elseif not wanted[one.where] and one.weight ~= 0 then
      lines[#lines + 1] = destination_line("-e", id, one.where, 0)
    end
  end
end

-- Lines for `ipvsadm -R`, none when all is as it should be. `given_up`: a set of "address:port" whose connections are ended.
function M.commands(want, have, connections, given_up)
  local lines, there, wanted = {}, {}, {}
  for _, service in ipairs(have) do
    there[service.id] = service
  end
  for _, service in ipairs(want.services) do
    local id = option[service.protocol] .. " " .. want.address .. ":" .. service.port
    wanted[id] = true
    local old = there[id]
    if not old then
      lines[#lines + 1] = service_line("-A", id, service)
    elseif not same_service(service, old) then
      lines[#lines + 1] = service_line("-E", id, service)
    end
    service.destinations.given_up = given_up or {}
    compare_destinations(lines, id, service.destinations, old and old.destinations or {}, connections)
  end
  for _, service in ipairs(have) do
    if not wanted[service.id] then
      lines[#lines + 1] = "-D " .. service.id
    end
  end
  return lines
end

-- The table in the form that the status tells it.
function M.described(have, connections, counters)
  local services = {}
  for i, service in ipairs(have) do
    local destinations = {}
    for j, one in ipairs(service.destinations) do
      local address, port = one.where:match("^(.*):(%d+)$")
      local entry = { address = address, port = tonumber(port), weight = one.weight }
      for _, source in ipairs({ connections, counters }) do
        for name, number in pairs(source(service.id, one.where)) do
          entry[name] = number
        end
      end
      destinations[j] = entry
    end
    local address, port = service.where:match("^(.*):(%d+)$")
    services[i] = {
      protocol = service.protocol, address = address, port = tonumber(port), scheduler = service.scheduler,
      flags = service.flags, persistence = service.persistence, destinations = destinations,
    }
  end
  return services
end

return M
