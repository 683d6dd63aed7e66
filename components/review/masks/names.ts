/**
 * What a name tells about the value under it. `strong`: a credential, whatever it looks like. `weak`: a credential if it looks
 * random (`key`, `signature`). `none`: nothing.
 */
export type NameKind = "strong" | "weak" | "none";

/** Parts of a name, lower case, that mean a credential, alone or at the end of a part (`dbpassword`). */
const strongEnds = [
  ..."password passwd passphrase passcode secret token credential credentials apikey privatekey".split(" "),
  ..."secretkey accesskey authtoken authkey requirepass masterauth sshpass htpasswd authpass".split(" "),
];

/** Parts of a name that mean a credential, but only as the whole part (`bypass`, `monkeys` are none). */
const strongParts = new Set(
  [
    ..."pass pwd pw passwords secrets tokens psk bearer jwt authorization userpass dbpass".split(" "),
    // What holds `user:password`.
    ..."basicauth httpauth proxyauth userpwd userinfo".split(" "),
    ..."ciphertext plaintext secure pgpassword accountkey sharedaccesskey sastoken".split(" "),
  ].flat(),
);

/** Parts before `key` that make it a credential. */
const keyOwners = new Set(
  "api private access secret signing encryption auth master shared account client session jwt hmac cipher tls ssl ssh admin".split(
    " ",
  ),
);

const weakParts = new Set(
  [
    ..."key keys auth sig signature cookie session sid salt pin hash authtok".split(" "),
    // What may hold `user:password`.
    ..."basic login".split(" "),
  ].flat(),
);

/**
 * Last parts that make the name one of something about a credential: `token_ttl`, `password_file`, `secretName`. Also nginx'
 * `server_tokens` and `proxy_pass`, see `harmlessNames`.
 */
const harmlessEnds = new Set(
  [
    ..."file files path paths dir directory folder name names ref refs reference ttl timeout length len min max".split(
      " ",
    ),
    ..."policy type kind count limit lifetime expiry expires expiration age url uri endpoint host port algorithm".split(
      " ",
    ),
    ..."enabled required header headers field prefix suffix rotation version bucket bits manager arn provider store mode".split(
      " ",
    ),
    ..."format issuer scope scopes audience usage user username id ids fingerprint fingerprints label description".split(
      " ",
    ),
    ..."prompt reset change placeholder env variable command script source mount class rule rules regex pattern index".split(
      " ",
    ),
    ..."cert certificate certificates ca public authentication per second minute seconds rate size".split(
      " ",
    ),
  ].flat(),
);

/** Names that only look like a credential's: nginx' directives, and the shell's working directory. */
const harmlessNames =
  /^(?:server_tokens|(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_(?:pass|cookie_\w+|cache_key)|PWD|OLDPWD)$/;

const boundaries = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** What a name tells: `DB_PASSWORD`, `apiKey`, `x-auth-token`. Of long ones only the end is read. */
export function nameKind(name: string): NameKind {
  if (harmlessNames.test(name)) return "none";
  const parts = name
    .slice(-120)
    .split(boundaries)
    .map((part) => part.toLowerCase().replace(/\d+$/, ""))
    .filter((part) => part !== "");
  const last = parts.at(-1);
  if (last === undefined || harmlessEnds.has(last)) return "none";
  if (parts.some((part, index) => isStrong(part, parts[index - 1]))) return "strong";
  // Header names; `cookie_path` and the like are about cookies.
  if (/^(?:set-)?cookie$/i.test(name)) return "strong";
  return weakParts.has(last) ? "weak" : "none";
}

function isStrong(part: string, before: string | undefined): boolean {
  if (part === "info" && before === "user") return true;
  if (part === "auth" && /^(?:basic|http|proxy)$/.test(before ?? "")) return true;
  if (strongParts.has(part) || strongEnds.some((end) => part.endsWith(end))) return true;
  return (part === "key" || part === "keys") && before !== undefined && keyOwners.has(before);
}
