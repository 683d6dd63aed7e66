local greetings = require("hotspare.greetings")

local function mysql(payload)
  local head = string.char(#payload % 256, math.floor(#payload / 256), 0, 0)
  expect(greetings.mysql.length(head) == #payload, "the length")
  return greetings.mysql.take(head, payload)
end

test("MySQL greets by its version", function()
  local passed, why = mysql("\10" .. "8.0.36\0" .. ("x"):rep(300))
  expect(passed and why == "MySQL 8.0.36", "%s %s", passed, why)
end)

test("MySQL that lets nobody in says why, and what isn't MySQL is none", function()
  local passed, why = mysql("\255\16\4Too many connections")
  expect(not passed and why == "MySQL error 1040: Too many connections", "%s", why)
  passed, why = mysql("HTTP/1.1 400 Bad Request")
  expect(not passed and why == "no greeting of MySQL", "%s", why)
  expect(not mysql(""), "an empty packet")
end)

local function postgres(kind, payload)
  local length = #payload + 4
  local head = kind .. "\0\0" .. string.char(math.floor(length / 256), length % 256)
  expect(greetings.postgres.length(head) == #payload, "the length")
  return greetings.postgres.take(head, payload)
end

local function problem(state, text)
  return postgres("E", "SFATAL\0VFATAL\0C" .. state .. "\0M" .. text .. "\0\0")
end

test("PostgreSQL that asks for a password can serve, and so can one that knows no such user", function()
  expect(postgres("R", "\0\0\0\10SCRAM-SHA-256\0\0"), "asks for a password")
  expect(problem("28000", 'role "hotspare" does not exist'), "no such role")
  expect(problem("28P01", "password authentication failed"), "no such password")
  expect(problem("3D000", 'database "hotspare" does not exist'), "no such database")
end)

test("PostgreSQL that starts, stops or is full can't", function()
  local passed, why = problem("57P03", "the database system is starting up")
  expect(not passed and why == "PostgreSQL: the database system is starting up (57P03)", "%s", why)
  expect(not problem("53300", "sorry, too many clients already"), "full")
end)

test("what isn't PostgreSQL has no length", function()
  expect(greetings.postgres.length("HTTP/") == nil, "HTTP")
  expect(greetings.postgres.length("R\0\0\0\1") == nil, "shorter than itself")
end)

test("the first packet to PostgreSQL says its own length", function()
  local question = greetings.postgres.question
  expect(question:byte(4) == #question and #question < 256, "%d of %d", question:byte(4), #question)
  expect(question:sub(5, 8) == "\0\3\0\0", "version 3.0")
end)

test("a question of DNS names the zone", function()
  expect(greetings.dns_question("", 258) == "\1\2\1\0\0\1\0\0\0\0\0\0" .. "\0" .. "\0\6\0\1", "the root")
  expect(greetings.dns_question("a.example", 1):sub(13) == "\1a\7example\0" .. "\0\6\0\1", "a zone")
  expect(greetings.dns_question("a.example.", 1) == greetings.dns_question("a.example", 1), "with a dot at its end")
end)

test("an answer of DNS is one to this question, without an error", function()
  local rest = ("\0"):rep(8)
  expect(greetings.dns("\1\2\129\128" .. rest, 258), "NOERROR")
  for code, name in pairs({ [2] = "SERVFAIL", [5] = "REFUSED", [11] = "11" }) do
    local passed, why = greetings.dns("\1\2\129" .. string.char(128 + code) .. rest, 258)
    expect(not passed and why == "DNS " .. name, "%s", why)
  end
  expect(not greetings.dns("\1\3\129\128" .. rest, 258), "another's answer")
  expect(not greetings.dns("\1\2\1\0" .. rest, 258), "the question itself")
  expect(not greetings.dns("\1\2", 258), "too short")
end)
