# nginx's error log has the request line, the upstream's URL and the Referer whole, and no setting for it. Arguments carry tokens.
s/(request: "[^"?]*)\?.*( HTTP\/[0-9.]+", )/\1\2/
s/((request|upstream|referrer): "[^"?]*)\?[^"]*/\1/g
