-- What a failed try says of its member. Pure.
--
-- try: what nginx tells of it, as strings: status, connect, header (seconds, "-" for never), sent, received (bytes); and
-- reused: whether the connection had served before (true, false, or nil where nobody can tell).
-- retryable: whether nginx would have asked another member, had there been one.
--
-- "lost": no connection could be made. "failing" or "silent": the member had the request and failed it, or did not answer in
-- time; that can be its own fault or the request's, and other requests tell which. nil: nothing is said of the member.
return function(try, retryable)
  if try.connect == "-" then
    return "lost"
  end
  local answered = try.header ~= "-"
  if try.status == "504" and not answered then
    return "silent"
  end
  if try.sent == "0" or try.sent == "-" then
    -- A connection that had been idle was closed by its server: servers do that.
    if try.reused then
      return nil
    end
    return try.reused == false and "lost" or "failing"
  end
  -- An answer that has begun and that nginx can't read (a header too large, for one) is an error of that answer.
  if not answered and not retryable and try.received ~= "0" and try.received ~= "-" then
    return nil
  end
  return "failing"
end
