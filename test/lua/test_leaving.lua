-- What a balancer that leaves tells its directors, with a shared memory that is a table.

local dict = require("memory")()

local function with_leaving(body)
  local kept, loaded = _G.ngx, package.loaded["hotspare.leaving"]
  local nginx = {
    shared = { hotspare_flight = dict }, var = {}, at = 1764493955.123, exit = function(status) return status end,
  }
  function nginx.now()
    return nginx.at
  end
  dict.values = {}
  _G.ngx, package.loaded["hotspare.leaving"] = nginx, nil
  local ok, why = pcall(body, require("hotspare.leaving"), nginx)
  _G.ngx, package.loaded["hotspare.leaving"] = kept, loaded
  if not ok then
    error(why, 0)
  end
end

local both = "10.0.0.6,10.0.0.7"

test("directors are told that a balancer leaves, and counted one by one", function()
  with_leaving(function(leaving, nginx)
    local function asks(address, times, status)
      nginx.var.remote_addr = address
      for _ = 1, times do
        expect(leaving.tell() == status, "not answered %d", status)
      end
    end
    asks("10.0.0.6", 3, 200)
    expect(leaving.told(both) == 0, "told before it leaves")
    leaving.set(10)
    asks("10.0.0.6", 4, 503)
    expect(leaving.told(both) == 0, "one director's questions stand for the other's")
    asks("10.0.0.7", 2, 503)
    expect(leaving.told(both) == 2, "%s instead of 2", leaving.told(both))
    expect(leaving.told("10.0.0.6") == 4 and leaving.told("") == nil, "another count")
    nginx.at = nginx.at + 1
    leaving.set(10)
    expect(leaving.told(both) == 0, "what was told the last time still counts")
    leaving.set(nil)
    asks("10.0.0.6", 1, 200)
    expect(leaving.told(both) == 0 and not leaving.get(), "it still leaves")
  end)
end)
