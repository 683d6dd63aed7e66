-- A shared memory of nginx that is a table, as far as the tests need one.
return function()
  local dict = { values = {} }
  function dict:get(key)
    return self.values[key]
  end
  function dict:set(key, value)
    self.values[key] = value
  end
  function dict:delete(key)
    self.values[key] = nil
  end
  function dict:incr(key, by, init)
    self.values[key] = (self.values[key] or init) + by
  end
  return dict
end
