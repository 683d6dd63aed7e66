local errors = require("hotspare.errors")
local dropped = require("hotspare.dropped")
local paths = require("hotspare.paths")

local routes = { "/static/", "/api/", "/login", "/café/", "/" }

-- What nginx makes of a path; each case says it, as the live test shows it of nginx.
local plain = {
  { "/", "/" }, { "/login?x=//login", "/login" }, { "/login/x", "/login/x" }, { "/api", "/api" }, { "/api/Users/%41bc", "/api/Users/Abc" },
  { "/api/group%2Fproject", "/api/group/project" }, { "/caf%C3%A9/x", "/café/x" }, { "/static/a;v=1/b", "/static/a;v=1/b" },
  { "/static/a//b", "/static/a/b" }, { "/x/%25", "/x/%" }, { "/About", "/About" },
}
for _, case in ipairs(plain) do
  test("everybody reads " .. case[1] .. " alike", function()
    expect(paths.is_plain(routes, case[2], case[1]:match("^[^?]*")), "it is refused")
  end)
end

local tricks = {
  { "/LOGIN", "/LOGIN" }, { "/Login/x", "/Login/x" }, { "/x\\..\\login", "/x\\..\\login" }, { "/x%5c..%5Clogin", "/x\\..\\login" },
  { "//login", "/login" }, { "/login/%2e%2e/x", "/x" }, { "/login/../x", "/x" }, { "/;a/login", "/;a/login" },
  { "/x/..;/login", "/x/..;/login" }, { "/x/..%3b/login", "/x/..;/login" }, { "/%256cogin", "/%6cogin" }, { "/static/..%2flogin", "/login" },
  { "/static/%2e%2e%5clogin", "/static/..\\login" }, { "/%c0%aflogin", "/\192\175login" }, { "/%5clogin", "/\\login" },
  { "/x/..;/LOGIN", "/x/..;/LOGIN" }, { "/#/../login", "/" }, { "/API", "/API" }, { "/%2flogin", "/login" },
}
for _, case in ipairs(tricks) do
  test("a node may read " .. case[1] .. " otherwise", function()
    expect(not paths.is_plain(routes, case[2], case[1]), "it passes")
  end)
end

test("reading a long path in every way takes little time", function()
  local long = "/" .. ("a;b\\..%2f"):rep(1800)
  local begun = os.clock()
  paths.is_plain(routes, "/", long)
  local milliseconds = (os.clock() - begun) * 1000
  print(string.format("# a path of 16 KB full of tricks %.1f ms", milliseconds))
  expect(milliseconds < 100, "%.1f ms", milliseconds)
end)

test("JSON goes to those who ask for it", function()
  local kinds = {
    { nil, "text/html" }, { "*/*", "text/html" }, { "text/html,application/json;q=0.9", "text/html" },
    { "application/json, text/plain, */*", "application/json" }, { "application/problem+json", "application/problem+json" },
    { "application/vnd.api+json", "application/json" }, { "application/json,text/html", "application/json" },
  }
  for _, case in ipairs(kinds) do
    expect(errors.kind(case[1]) == case[2], "%s gets %s", tostring(case[1]), errors.kind(case[1]))
  end
end)

test("headers with an underscore are found as they were sent", function()
  local names = dropped.names("Host: a_b\r\nX_Token: 1\r\nX-Fine: a_b: c\r\n_a: 1\r\n\r\n")
  expect(table.concat(names, " ") == "X_Token _a", "%s", table.concat(names, " "))
end)
