# nginx's error log has the request line, the upstream's URL and the Referer whole, and no setting for it. Arguments carry tokens.
# Quotes in them are as the client sent them; the Referer is the last of the line.
s/(request: "[^"?]*)\?.*( HTTP\/[0-9.]+", )/\1\2/
s/(referrer: "[^"?]*)\?.*$/\1"/
s/((request|upstream): "[^"?]*)\?[^"]*/\1/g
