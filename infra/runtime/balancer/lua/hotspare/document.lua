-- The members document: what is allowed in it, as components/model/members-document.ts has it (a test holds them equal). Pure;
-- used by PUT /members, at start and by hotspare-check-members.

local places = require("hotspare.places")

local M = {}

M.schema = 1

local kinds = {
  ["weighted-round-robin"] = {}, ["round-robin"] = {}, ["least-connections"] = {}, ["two-choices"] = {},
  ["ip-hash"] = {}, ["consistent-hash"] = { key = true },
}
local roles = { active = true, hot = true, cold = true }

local function show(value)
  if type(value) == "string" then
    return string.format("%q", #value > 40 and value:sub(1, 40) .. "…" or value)
  end
  return type(value) == "table" and "a table" or tostring(value)
end

local function checker()
  local problems = {}
  local function bad(path, message, ...)
    problems[#problems + 1] = { path = path, message = string.format(message, ...) }
  end
  local check = { problems = problems, bad = bad }

  function check.object(value, path, known)
    if type(value) ~= "table" or #value > 0 then
      bad(path, "must be an object, not %s", show(value))
      return false
    end
    if known then
      local names = {}
      for name in pairs(value) do
        names[#names + 1] = tostring(name)
      end
      table.sort(names)
      for _, name in ipairs(names) do
        if not known[name] then
          bad(path == "" and name or path .. "." .. name, "unknown key")
        end
      end
    end
    return true
  end

  function check.integer(value, path, low, high)
    if type(value) ~= "number" or value % 1 ~= 0 or value < low or value > high then
      bad(path, "must be a whole number from %d to %d, not %s", low, high, show(value))
    end
  end

  function check.text(value, path, pattern, what)
    if type(value) ~= "string" or #value > 253 or not value:find(pattern) then
      bad(path, "must be %s, not %s", what, show(value))
      return false
    end
    return true
  end

  return check
end

local function check_address(check, value, path)
  local number = type(value) == "string" and places.number(value)
  if not number then
    check.bad(path, "must be an IPv4 address (names are never resolved here), not %s", show(value))
  elseif places.is_nowhere(number) then
    check.bad(path, "%s is no address of another machine (RFC 6890)", value)
  else
    local problem = check.place and check.place(value)
    if problem then
      check.bad(path, "%s %s", value, problem)
    end
  end
end

local function check_algorithm(check, algorithm, path)
  if not check.object(algorithm, path, { kind = true, key = true }) then
    return
  end
  local keys = kinds[algorithm.kind]
  if not keys then
    check.bad(path .. ".kind", "unknown algorithm %s", show(algorithm.kind))
  elseif keys.key then
    local key = algorithm.key
    local name = type(key) == "string" and (key:match("^header:(%a[%w-]*)$") or key:match("^cookie:(%a[%w_-]*)$"))
    if key ~= "client-address" and key ~= "uri" and not name then
      check.bad(path .. ".key", "must be client-address, uri, header:<Name> or cookie:<name>, not %s", show(key))
    end
  elseif algorithm.key ~= nil then
    check.bad(path .. ".key", "%s takes no key", algorithm.kind)
  end
end

local health_keys = {
  path = true, intervalMs = true, timeoutMs = true, fall = true, rise = true, host = true, headers = true, protocol = true,
  service = true, tls = true,
}

local protocols = { http = true, grpc = true, tcp = true, udp = true, dns = true, mysql = true, postgres = true }

-- What a check says beside its path; each may be left out.
local function check_question(check, health, path)
  if health.host ~= nil then
    check.text(health.host, path .. ".host", "^[%w.:-]+$", "a host")
  end
  if health.headers ~= nil and check.object(health.headers, path .. ".headers") then
    for name, value in pairs(health.headers) do
      check.text(name, path .. ".headers", "^[%a][%w-]*$", "names of headers")
      check.text(value, path .. ".headers." .. tostring(name), "^[ -~]*$", "a text of one line")
    end
  end
  if health.protocol ~= nil and not protocols[health.protocol] then
    check.bad(path .. ".protocol", "must be http, grpc, tcp, udp, dns, mysql or postgres, not %s", show(health.protocol))
  end
  if health.service ~= nil then
    check.text(health.service, path .. ".service", "^[%w._/-]*$", "the name of a service")
  end
  local tls = health.tls
  if tls ~= nil and check.object(tls, path .. ".tls", { name = true, verify = true }) then
    if tls.name ~= nil then
      check.text(tls.name, path .. ".tls.name", "^[%w.-]+$", "a name")
    end
    if type(tls.verify) ~= "boolean" then
      check.bad(path .. ".tls.verify", "must be true or false, not %s", show(tls.verify))
    end
  end
end

local function check_health(check, health, path)
  if not check.object(health, path, health_keys) then
    return
  end
  check.text(health.path, path .. ".path", "^/[!-~]*$", "a URL path")
  check.integer(health.intervalMs, path .. ".intervalMs", 20, 3600000)
  check.integer(health.timeoutMs, path .. ".timeoutMs", 10, 3600000)
  check.integer(health.fall, path .. ".fall", 1, 100)
  check.integer(health.rise, path .. ".rise", 1, 100)
  check_question(check, health, path)
end

local member_keys = { key = true, address = true, port = true, weight = true, role = true }

local function check_member(check, member, path, seen)
  if not check.object(member, path, member_keys) then
    return
  end
  if check.text(member.key, path .. ".key", "^[a-z0-9][a-z0-9-]*$", "a key of lower-case letters, digits and -") then
    if seen[member.key] then
      check.bad(path .. ".key", "%s is in this pool already", show(member.key))
    end
    seen[member.key] = true
  end
  check_address(check, member.address, path .. ".address")
  check.integer(member.port, path .. ".port", 1, 65535)
  check.integer(member.weight, path .. ".weight", 1, 1000)
  if not roles[member.role] then
    check.bad(path .. ".role", "must be active, hot or cold, not %s", show(member.role))
  end
end

local sticky_keys = { cookie = true, seconds = true, secure = true, httpOnly = true, sameSite = true, salt = true }
local secure, same_site = { auto = true, always = true, never = true }, { Strict = true, Lax = true, None = true }

local function check_sticky(check, sticky, path)
  if not check.object(sticky, path, sticky_keys) then
    return
  end
  check.text(sticky.cookie, path .. ".cookie", "^%a[%w_-]*$", "a name of letters, digits, _ and -")
  check.integer(sticky.seconds, path .. ".seconds", 0, 31536000)
  if not secure[sticky.secure] then
    check.bad(path .. ".secure", "must be auto, always or never, not %s", show(sticky.secure))
  end
  if type(sticky.httpOnly) ~= "boolean" then
    check.bad(path .. ".httpOnly", "must be true or false, not %s", show(sticky.httpOnly))
  end
  if not same_site[sticky.sameSite] then
    check.bad(path .. ".sameSite", "must be Strict, Lax or None, not %s", show(sticky.sameSite))
  end
  check.text(sticky.salt, path .. ".salt", "^%x+$", "a hash in hex")
end

local function check_pool(check, pool, path)
  if not check.object(pool, path, { algorithm = true, health = true, members = true, sticky = true }) then
    return
  end
  if pool.sticky ~= nil then
    check_sticky(check, pool.sticky, path .. ".sticky")
  end
  check_algorithm(check, pool.algorithm, path .. ".algorithm")
  check_health(check, pool.health, path .. ".health")
  if type(pool.members) ~= "table" or (next(pool.members) ~= nil and #pool.members == 0) then
    check.bad(path .. ".members", "must be a list, not %s", show(pool.members))
    return
  end
  local seen, serving = {}, false
  for i, member in ipairs(pool.members) do
    check_member(check, member, string.format("%s.members[%d]", path, i - 1), seen)
    serving = serving or (type(member) == "table" and (member.role == "active" or member.role == "hot"))
  end
  -- Nobody at all is known of a pool whose nodes are still to come; but cold standbys alone are a mistake.
  if #pool.members > 0 and not serving then
    check.bad(path .. ".members", "has cold members only: nobody could answer")
  end
end

local service_keys = { protocol = true, port = true, pool = true, scheduler = true, flags = true, persistence = true }
local transports = { tcp = true, udp = true }
local schedulers = {
  rr = true, wrr = true, lc = true, wlc = true, sh = true, mh = true, sed = true, nq = true, lblc = true,
}
local flags = { ["mh-port"] = true, ["mh-fallback"] = true, ["sh-port"] = true, ["sh-fallback"] = true }

local function check_service(check, service, path)
  if not check.object(service, path, service_keys) then
    return
  end
  if not transports[service.protocol] then
    check.bad(path .. ".protocol", "must be tcp or udp, not %s", show(service.protocol))
  end
  check.integer(service.port, path .. ".port", 1, 65535)
  check.text(service.pool, path .. ".pool", "^[a-z][a-z0-9-]*$", "the name of a pool")
  if not schedulers[service.scheduler] then
    check.bad(path .. ".scheduler", "unknown scheduler %s", show(service.scheduler))
  end
  if type(service.flags) ~= "table" or (next(service.flags) ~= nil and #service.flags == 0) then
    check.bad(path .. ".flags", "must be a list, not %s", show(service.flags))
  else
    for _, flag in ipairs(service.flags) do
      if not flags[flag] then
        check.bad(path .. ".flags", "unknown option %s", show(flag))
      end
    end
  end
  if service.persistence ~= nil then
    check.integer(service.persistence, path .. ".persistence", 1, 86400)
  end
end

local function check_services(check, services)
  if type(services) ~= "table" or (next(services) ~= nil and #services == 0) then
    check.bad("services", "must be a list, not %s", show(services))
    return
  end
  for i, service in ipairs(services) do
    check_service(check, service, string.format("services[%d]", i - 1))
  end
end

-- Every problem of a decoded document as {path, message}; an empty list when there is none. `place` says what is wrong with an
-- address here, or nil; see hotspare.places.
function M.problems(document, place)
  local check = checker()
  check.place = place
  if not check.object(document, "", { schema = true, revision = true, pools = true, services = true }) then
    return check.problems
  end
  if document.schema ~= M.schema then
    check.bad("schema", "this balancer reads version %d, not %s", M.schema, show(document.schema))
    return check.problems
  end
  check.text(document.revision, "revision", "^%x+$", "a hash in hex")
  if document.services ~= nil then
    check_services(check, document.services)
  end
  if check.object(document.pools, "pools") then
    local names = {}
    for name in pairs(document.pools) do
      names[#names + 1] = tostring(name)
    end
    table.sort(names)
    for _, name in ipairs(names) do
      check.text(name, "pools." .. name, "^[a-z][a-z0-9-]*$", "a name of lower-case letters, digits and -")
      check_pool(check, document.pools[name], "pools." .. name)
    end
  end
  return check.problems
end

return M
