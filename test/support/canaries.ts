import fc from "fast-check";

/*
 * Secrets that nobody marked, as they stand in files, logs, errors and URLs, made from a seed. What is to be hidden is known,
 * and so is what has to stay.
 */

export interface Canary {
  /** What kind of place it stands in. */
  readonly form: string;
  /** The secret itself: no eight characters of it in a row may show. */
  readonly secret: string;
  /** The text that it stands in. */
  readonly text: string;
  /** What of the text has to stay as it is. */
  readonly kept: readonly string[];
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const of = (characters: string, min: number, max = min) =>
  fc.array(fc.constantFrom(...characters), { minLength: min, maxLength: max }).map((list) => list.join(""));

const alphanumeric = of(letters + digits, 12, 40);
/** As people and password managers make them; characters that end a value somewhere are among them. */
const symbols = fc
  .tuple(of(letters + digits, 6, 10), of("!@#$%^*()_+-={}[]:,.?/~&;|", 1, 4), of(letters + digits, 8, 12))
  .map((parts) => parts.join(""));
const hexadecimal = of("0123456789abcdef", 32, 64);
const base64 = of(`${letters}${digits}+/`, 40, 44).map((text) => `${text}=`);
const urlSafe = of(`${letters}${digits}-_`, 24, 48).map((text) => `x${text}`);
const words = fc
  .array(fc.constantFrom(..."correct horse battery staple orange window seven river".split(" ")), {
    minLength: 4,
    maxLength: 7,
  })
  .map((list) => list.join(" "));
const number = of(digits, 10, 16).map((text) => `1${text}`);

const value = fc.oneof(alphanumeric, symbols, hexadecimal, base64, urlSafe, number);
const quotable = fc.oneof(value, words);
/** Without characters that the place itself gives a meaning. */
const plain = fc.oneof(alphanumeric, hexadecimal, urlSafe, number);

const name = fc.constantFrom(
  ..."password DB_PASSWORD dbPassword db.password passwd PGPASSWORD MYSQL_ROOT_PASSWORD secret client_secret".split(
    " ",
  ),
  ..."clientSecret SECRET_KEY_BASE token API_TOKEN accessToken refresh_token x-auth-token apiKey api_key API-KEY".split(
    " ",
  ),
  ..."aws_secret_access_key AWS_SECRET_ACCESS_KEY privateKey encryption_key credentials passphrase JWT_SECRET".split(
    " ",
  ),
  ..."TOKEN_GITHUB adminPassword2 REDIS_PASSWORD_PROD webhookSecret signingKey session-secret auth_pass".split(
    " ",
  ),
);

type Form = readonly [
  form: string,
  value: fc.Arbitrary<string>,
  write: (secret: string, name: string) => string,
  kept: string[],
];

const forms: readonly Form[] = [
  ["shell", plain, (s, n) => `export ${n.replace(/\W/g, "_")}=${s} PORT=8080`, ["PORT=8080"]],
  ["env file", value, (s, n) => `${n}=${s}`, []],
  ["quoted env", quotable, (s, n) => `${n}="${s}" # kept for the reader`, ["# kept for the reader"]],
  ["ini", value, (s, n) => `${n} = ${s}`, []],
  ["yaml", quotable, (s, n) => `  ${n}: ${s}`, []],
  ["yaml, quoted", quotable, (s, n) => `  - ${n}: '${s}'`, []],
  ["yaml, flow", plain, (s, n) => `db: { host: db-1, ${n}: ${s}, port: 5432 }`, ["host: db-1", "port: 5432"]],
  ["yaml, block", quotable, (s, n) => `${n}: |\n  ${s}\nport: 5432`, ["port: 5432"]],
  [
    "yaml, name and value",
    quotable,
    (s, n) => `- name: ${n}\n  value: ${s}\n- name: PORT\n  value: 80`,
    ["PORT\n  value: 80"],
  ],
  [
    "json",
    quotable,
    (s, n) => `{"host":"db-1","${n}":${JSON.stringify(s)},"port":5432}`,
    ['"host":"db-1"', '"port":5432'],
  ],
  [
    "json in json",
    quotable,
    (s, n) => JSON.stringify({ host: "db-1", body: JSON.stringify({ [n]: s, port: 1 }) }),
    ['"host":"db-1"', "port"],
  ],
  [
    "json, name and value",
    quotable,
    (s, n) => `[{"name":"${n}","value":${JSON.stringify(s)}},{"name":"PORT","value":"80"}]`,
    ['"PORT","value":"80"'],
  ],
  ["json, list", quotable, (s, n) => `"${n}": [\n  ${JSON.stringify(s)}\n],\n"port": 80`, ['"port": 80']],
  [
    "script",
    quotable,
    (s, n) => `const ${n.replace(/\W/g, "_")} = '${s}'; connect(5432);`,
    ["connect(5432);"],
  ],
  ["lua", quotable, (s, n) => `local options = { ["${n}"] = "${s}", port = 80 }`, ["port = 80"]],
  ["terraform heredoc", quotable, (s, n) => `${n} = <<-EOF\n  ${s}\nEOF\nport = 80`, ["port = 80"]],
  ["xml", plain, (s, n) => `<${n}>${s}</${n}><port>80</port>`, ["<port>80</port>"]],
  ["keepalived", plain, (s) => `        auth_pass ${s}`, ["auth_pass"]],
  ["nginx header", plain, (s) => `proxy_set_header X-Api-Key "${s}";`, ["proxy_set_header X-Api-Key"]],
  ["nginx variable", plain, (s) => `set $api_token "${s}"; # kept`, ["set $api_token", "# kept"]],
  [
    "basic header",
    base64,
    (s) => `proxy_set_header Authorization "Basic ${s}";`,
    ["proxy_set_header Authorization"],
  ],
  [
    "bearer header",
    fc.oneof(urlSafe, base64),
    (s) => `curl -H 'Authorization: Bearer ${s}' http://web-1/`,
    ["http://web-1/"],
  ],
  ["header in a log", fc.oneof(urlSafe, base64), (s) => `> authorization: Token ${s}`, ["authorization"]],
  ["cookie", urlSafe, (s) => `Cookie: theme=dark; session=${s}`, []],
  [
    "option",
    plain,
    (s) => `docker login --username me --password ${s} registry.example.test`,
    ["--username me", "registry.example.test"],
  ],
  ["option with =", plain, (s) => `tool --api-key=${s} --port 80`, ["--port 80"]],
  [
    "url",
    plain,
    (s) => `dial postgres://shop:${s}@db-1:5432/shop?sslmode=require`,
    ["postgres://shop:", "@db-1:5432/shop?sslmode=require"],
  ],
  ["url without user", plain, (s) => `redis://:${s}@cache-1:6379/0`, ["@cache-1:6379/0"]],
  [
    "url with odd characters",
    symbols.filter((s) => !/[#?]/.test(s)),
    (s) => `amqp://me:${s}@mq-1/`,
    ["@mq-1/"],
  ],
  ["query", plain, (s, n) => `GET /hook?id=7&${n}=${s}&page=2 HTTP/1.1`, ["/hook?id=7&", "&page=2 HTTP/1.1"]],
  [
    "connection string",
    symbols.filter((s) => !s.includes(";")),
    (s) => `Server=db-1;User Id=sa;Password=${s};Encrypt=true`,
    ["Server=db-1;User Id=sa;", "Encrypt=true"],
  ],
  [
    "azure storage",
    base64,
    (s) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${s};EndpointSuffix=core`,
    ["AccountName=a", "EndpointSuffix=core"],
  ],
  [
    "libpq",
    plain,
    (s) => `host=db-1 user=shop password=${s} dbname=shop`,
    ["host=db-1 user=shop", "dbname=shop"],
  ],
  ["go mysql", plain, (s) => `shop:${s}@tcp(db-1:3306)/shop`, ["@tcp(db-1:3306)/shop"]],
  ["netrc", plain, (s) => `machine db-1 login me password ${s}`, ["machine db-1 login me"]],
  ["npmrc", plain, (s) => `//registry.example.test/:_authToken=${s}`, ["//registry.example.test/"]],
  [
    "docker config",
    base64,
    (s) => `{"auths":{"registry.example.test":{"auth":"${s}7"}}}`,
    ["registry.example.test"],
  ],
  ["sql", plain, (s) => `CREATE USER 'shop' IDENTIFIED BY '${s}';`, ["CREATE USER 'shop'"]],
  ["error", plain, (s, n) => `Error: the ${n} "${s}" was refused by db-1`, ["was refused by db-1"]],
  ["message", base64, (s) => `invalid token ${s}8 for user shop`, ["for user shop"]],
  ["comparison", plain, (s) => `if (token === "${s}") return next();`, ["return next();"]],
  ["base64", quotable, (s, n) => `user-data: ${btoa(`port: 80\n${n}: "${s}"\n`)}`, ["user-data"]],
  [
    "aws id",
    of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16).map((s) => `AKIA${s}`),
    (s) => `using ${s} in eu-west-1`,
    ["in eu-west-1"],
  ],
  [
    "github",
    of(letters + digits, 36).map((s) => `ghp_${s}`),
    (s) => `remote: https://${s}@example.test/x.git`,
    ["example.test/x.git"],
  ],
  [
    "github, fine-grained",
    of(letters + digits, 60).map((s) => `github_pat_${s}`),
    (s) => `pushed with ${s}.`,
    ["pushed with"],
  ],
  [
    "gitlab",
    of(`${letters}${digits}`, 20).map((s) => `glpat-${s}`),
    (s) => `pushed with ${s} today`,
    ["today"],
  ],
  ["slack", of(digits, 12).map((s) => `xoxb-${s}-${s}-abcDEF`), (s) => `posting (${s})`, ["posting ("]],
  [
    "slack hook",
    of(letters + digits, 24).map((s) => `T0AAAAAAA/B0AAAAAAA/${s}`),
    (s) => `POST https://hooks.slack.com/services/${s} 200`,
    ["200"],
  ],
  [
    "stripe",
    of(letters + digits, 24).map((s) => `sk_live_${s}`),
    (s) => `stripe: ${s}, retries: 2`,
    ["retries: 2"],
  ],
  [
    "google",
    of(`${letters}${digits}_-`, 35).map((s) => `AIza${s}`),
    (s) => `maps.js?v=3#${s}`,
    ["maps.js?v=3"],
  ],
  ["npm", of(letters + digits, 36).map((s) => `npm_${s}`), (s) => `published by ${s} today`, ["today"]],
  [
    "jwt",
    fc.tuple(urlSafe, urlSafe, urlSafe).map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`),
    (s) => `got ${s} from web-1`,
    ["from web-1"],
  ],
  [
    "crypt",
    of(letters + digits, 43).map((s) => `$6$rounds=5000$saltsalt$${s}`),
    (s) => `shop:${s}:19000:0:`,
    ["shop:", ":19000:0:"],
  ],
  [
    "pulumi",
    of(`${letters}${digits}+/`, 40).map((s) => `v1:${s.slice(0, 16)}:${s.slice(16)}==`),
    (s) => `  secure: ${s}`,
    ["secure"],
  ],
  ["pem", of(`${letters}${digits}+/`, 150, 200), pem, ["before: 1", "after: 2"]],
  [
    "pem in json",
    of(`${letters}${digits}+/`, 150, 200),
    (s) => JSON.stringify({ file: pem(s), port: 80 }),
    ['"port":80'],
  ],
];

function pem(body: string): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return ["before: 1", "-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", "after: 2"].join(
    "\n",
  );
}

/** The names of all forms; `canaries` goes round them. */
export const canaryForms: readonly string[] = forms.map(([form]) => form);

/** So many secrets in texts, the same for the same seed. */
export function canaries(count: number, seed: number): Canary[] {
  return forms.flatMap(([form, secrets, write, kept], index) => {
    const share = Math.floor(count / forms.length) + (index < count % forms.length ? 1 : 0);
    const pairs = fc.sample(fc.tuple(secrets, name), { numRuns: share, seed: seed + index });
    return pairs.map(([secret, called]) => ({ form, secret, text: write(secret, called), kept }));
  });
}

/** The longest piece of a secret that shows in a text: eight characters and more are a leak. */
export function leaked(secret: string, text: string): string | null {
  for (const part of secret.split("\n"))
    for (let at = 0; at + 8 <= part.length; at += 1)
      if (text.includes(part.slice(at, at + 8))) return part.slice(at, at + 8);
  return null;
}

/** How a program is told its secrets in one text: options with names inside, pairs, encoded. */
const inner: readonly ((secret: string, name: string) => string)[] = [
  (s, n) => `-Xmx1g -D${n.replaceAll(/[-_]/g, ".")}=${s} -Dport=80`,
  (s, n) => `-Dapp.${n}=${s}`,
  (s, n) => `--verbose --${n.replaceAll(/[._]/g, "-")}=${s} --port=80`,
  (s, n) => `--user me --${n.replaceAll(/[._]/g, "-")} ${s} --port 80`,
  (s, n) => `/p:${n}=${s}`,
  (s, n) => `host=db-1;${n}=${s};port=5432`,
  (s, n) => `https://hooks.example.test/a?${n}=${s}&b=1`,
  (s) => `jdbc:mysql://shop:${s}@db-1/shop`,
  (s, n) => btoa(`${n}=${s}`),
  (s) => btoa(`shop:${s}`),
  (s, n) => btoa(`a=1\n${n}: ${s}\n`).replaceAll("+", "-").replaceAll("/", "_"),
];

/** Where such a text stands, under a name that says nothing. */
const outer: readonly ((text: string, name: string) => string)[] = [
  (t, n) => `${n}=${t}`,
  (t, n) => `${n}: ${t}`,
  (t, n) => `  ${n}: "${t}"`,
  (t, n) => `      - ${n}='${t}'`,
  (t, n) => `{"${n}":"${t}","PORT":"80"}`,
  (t, n) => JSON.stringify({ body: JSON.stringify({ [n]: t }) }),
  (t, n) => `export ${n}="${t}"`,
  (t, n) => `Environment="${n}=${t}"`,
  (t, n) => `ENV ${n} "${t}"`,
  (t, n) => `- name: ${n}\n  value: "${t}"`,
];
const outerNames =
  "JAVA_OPTS NODE_ARGS CATALINA_OPTS OPTIONS CONFIG EXTRA_ARGS CONNECTION HOOK SETTINGS".split(" ");
const pairNames =
  "BASIC_AUTH HTTP_AUTH PROXY_USERPWD USER_INFO REGISTRY_AUTH GF_AUTH_BASIC basicAuth login".split(" ");

/** So many shapes put together at random, a secret in each. */
export function randomShapes(count: number, seed: number): Pick<Canary, "secret" | "text">[] {
  const wrap = fc.constantFrom(...outer);
  const nested = fc
    .tuple(plain, name, fc.constantFrom(...inner), wrap, fc.constantFrom(...outerNames))
    .map(([secret, called, write, around, under]) => ({
      secret,
      text: around(write(secret, called), under),
    }));
  const pair = fc
    .tuple(plain, fc.constantFrom("shop", "admin", "me@example.test"), wrap, fc.constantFrom(...pairNames))
    .map(([secret, user, around, under]) => ({ secret, text: around(`${user}:${secret}`, under) }));
  return (
    fc
      .sample(fc.oneof({ weight: 4, arbitrary: nested }, { weight: 1, arbitrary: pair }), {
        numRuns: count,
        seed,
      })
      // What is encoded must not show either.
      .map((shape) => ({
        ...shape,
        secret: shape.text.includes(shape.secret) ? shape.secret : encodedIn(shape.text),
      }))
  );
}

/** The longest run of base64 in a text. */
function encodedIn(text: string): string {
  const runs = text.match(/[\w+/-]{12,}={0,2}/g) ?? [];
  return runs.sort((a, b) => b.length - a.length)[0] ?? "";
}
