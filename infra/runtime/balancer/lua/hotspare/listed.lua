-- What nginx tells of the tries of a request: a value for each, separated by commas.

-- list: such a variable's value. back: which one, counted from the last. "-" where there is none.
return function(list, back)
  local values = {}
  for value in (list or ""):gmatch("[^,%s]+") do
    values[#values + 1] = value
  end
  return values[#values - back] or "-"
end
