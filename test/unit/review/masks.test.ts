import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSecret } from "../../../components/model/secret.ts";
import { render } from "../../../components/render/index.ts";
import { hidden, knownAfter, maskField, maskText } from "../../../components/review/masks.ts";
import { canaries, canaryForms, leaked, randomShapes } from "../../support/canaries.ts";
import { planOf } from "../../support/plans.ts";
import { stacks } from "../../support/stacks.ts";

const root = join(import.meta.dirname, "../../..");
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const marked = (field: object) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...field,
});

describe("secrets", () => {
  test("of 1,000 that nobody marked, none shows, and what stands beside them does", () => {
    const all = canaries(1000, 20_261_124);
    expect(new Set(all.map(({ form }) => form))).toEqual(new Set(canaryForms));
    const bad = all.flatMap(({ form, secret, text, kept }) => {
      const masked = maskText(text);
      const piece = leaked(secret, masked);
      const lost = kept.filter((part) => !masked.includes(part));
      return piece === null && lost.length === 0 ? [] : [{ form, text, masked, piece, lost }];
    });
    expect(bad).toEqual([]);
  });

  test("of 200 in shapes that are put together at random, none shows", () => {
    const bad = randomShapes(200, 12).flatMap(({ secret, text }) => {
      const masked = maskText(text);
      return leaked(secret, masked) === null ? [] : [{ secret, text, masked }];
    });
    expect(bad).toEqual([]);
  });

  test.each([
    [
      "JAVA_OPTS: -Djavax.net.ssl.keyStorePassword=hunter2",
      "JAVA_OPTS: -Djavax.net.ssl.keyStorePassword=[hidden]",
    ],
    ["MAVEN_OPTS=-Dpw=hunter2 -Xmx1g", "MAVEN_OPTS=-Dpw=[hidden] -Xmx1g"],
    [`BASIC_AUTH: "shop:hunter2"`, `BASIC_AUTH: "[hidden]"`],
    ["LOGIN=shop:hunter2", "LOGIN=[hidden]"],
    [`CONF: ${btoa("password=hunter2")}`, "CONF: [hidden]"],
    [`CONF=${btoa("shop:hunter2")}`, "CONF=[hidden]"],
    [`args: ["--password", "hunter2", "--port", "80"]`, `args: ["--password", "[hidden]", "--port", "80"]`],
    ["ERL_FLAGS: -setcookie hunter2", "ERL_FLAGS: -setcookie [hidden]"],
  ])("%s shows as %s", (text, shown) => {
    expect(maskText(text)).toBe(shown);
  });

  test("of 1,000 as fields, marked and not, none shows", () => {
    for (const { secret, text } of canaries(1000, 7)) {
      const field = {
        list: [{ inner: text }],
        marked: marked({ ciphertext: secret }),
        value: marked({ value: secret }),
      };
      expect(leaked(secret, maskField("properties", field))).toBeNull();
      expect(leaked(secret, maskField("inputs.dbPassword", secret))).toBeNull();
      expect(leaked(secret, maskField("envs", [{ name: "DB_PASSWORD", value: secret }]))).toBeNull();
      for (const json of [JSON.stringify(field), JSON.stringify(JSON.stringify(field))])
        expect(leaked(secret, maskText(json)), json).toBeNull();
    }
  });

  test.each(["5: ", "config.yaml: ", "conf.d/db.ini:12: ", "3 | ", "error: in x.env: "])(
    "a value of several words is hidden whole in a line that a message quotes after %j",
    (prefix) => {
      expect(maskText(`${prefix}JWT_SECRET: correct horse battery`)).toBe(`${prefix}JWT_SECRET: [hidden]`);
    },
  );

  test("a key that was cut off at its head or foot stays hidden", () => {
    const key = canaries(500, 3).filter(({ form }) => form === "pem");
    expect(key.length).toBeGreaterThan(5);
    for (const { secret, text } of key) {
      const lines = text.split("\n");
      expect(leaked(secret.slice(0, 128), maskText(lines.slice(2).join("\n")))).toBeNull();
      expect(leaked(secret, maskText(lines.slice(0, -2).join("\n")))).toBeNull();
    }
  });
});

describe("what is no secret", () => {
  const shown = (text: string) => expect(maskText(text)).toBe(text);

  test("at least 99 % of the lines of all rendered files, golden files, stacks and pages show", () => {
    const files = ["test/golden", "test/fixtures/stacks", "stacks", "docs"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:ts|conf|json|md|sh|lua)$/.test(entry.name))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
    );
    files.push(readFileSync(join(root, "README.md"), "utf8"));
    const rendered = Object.values(stacks).flatMap((stack) =>
      render(planOf(stack)).flatMap((machine) =>
        machine.files.map(({ content }) => (isSecret(content) ? "" : content)),
      ),
    );
    const before = [...files, ...rendered].join("\n").split("\n");
    const after = [...files, ...rendered].map(maskText).join("\n").split("\n");
    expect(after).toHaveLength(before.length);
    expect(before.length).toBeGreaterThan(4000);
    expect(rendered.map(maskText)).toEqual(rendered);
    const changed = before.filter((line, index) => line !== after[index]);
    expect(changed.length / before.length, changed.join("\n")).toBeLessThan(0.01);
  });

  test.each([
    "server_tokens off;",
    "proxy_pass http://pool_web;",
    "proxy_set_header Authorization $http_authorization;",
    "ssl_certificate_key /run/hotspare/current/tls.key;",
    "image: hotspare/node@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "urn:pulumi:dev::hotspare::hotspare:index:Cluster$docker:index/container:Container::dev-web-1",
    '"revision": "8d2f5a90c1e3b746"',
    "fingerprint: 8d2f5a90c1e3b746",
    "id 4f9c0b1e-2a35-4e0e-9b6a-5d0f2f6c8a17 is gone",
    "commit 99054bb1c1c2b9a54b54c5cf0d4b8ee1f5b4d0a1",
    `password: \${DB_PASSWORD}`,
    "password: process.env.DB_PASSWORD",
    'key: secret("tls-key"),',
    'password: secret("db-password"),',
    'web gets the secret "db-password-2" and no longer the token "tls-key-2026"',
    "tokenTtl: 30s, passwordMinLength: 12, secretName: tls-key",
    "max_tokens: 4096",
    "password: null",
    "A lost secret or token is replaced by a new one; the key of each node stays.",
    "http://10.77.0.10:80/path/to/user@example.test",
    "git clone ssh://git@example.test/shop.git",
    "docker run -u 1000:1000 web",
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUYk9vZm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRkdISUowCgYI\n-----END CERTIFICATE-----",
    'algorithm: { kind: "consistent-hash", key: "cookie:session_id" }',
    "integrity sha512-q9Jh2xJb0h6b5c3mYk1Zl8c0Y0a2e4g6i8k0m2o4q6s8u0w2y4A6C8E0G2I4K6M8O0Q2S4U6W8Y0a2c4e6g8i0==",
  ])("%s", shown);
});

describe("fields", () => {
  test.each([
    ["web.memory", "512 MB", "512 MB"],
    ["web.weight", 3, "3"],
    ["tags", { b: 1, a: [true, null, "x"] }, '{"a":[true,null,"x"],"b":1}'],
    ["environment.DB_PASSWORD", "hunter2", hidden],
    ["environment.DB_PASSWORD", { secret: "db" }, hidden],
    ["apiKey", 12345, hidden],
    ["secrets[0].text", "hunter2", hidden],
    ["password", "", ""],
    ["password", null, "null"],
    ["password", unknown, knownAfter],
    ["id", unknown, knownAfter],
    ["url", `http://${unknown}:80`, `http://${knownAfter}:80`],
    ["uploads", "[secret]", hidden],
    ["uploads", marked({ ciphertext: "[secret]" }), hidden],
    ["uploads", [{ content: marked({ value: "x" }), file: "a" }], `[{"content":"${hidden}","file":"a"}]`],
    ["envs[0]", "DB_PASSWORD=hunter2", `DB_PASSWORD=${hidden}`],
    ["container", { name: "web-1", value: "plain" }, '{"name":"web-1","value":"plain"}'],
    ["key", "Zk3v9QwX71LmPa0RtY", hidden],
    ["key", "web-1", "web-1"],
    ["args", ["--password", "hunter2", "--port", "80"], '["--password","[hidden]","--port","80"]'],
    ["environment.AUTH", "shop:hunter2", hidden],
    ["environment.LOGIN_HOST", "db-1:5432", "db-1:5432"],
    ["gone", undefined, ""],
  ] as const)("%s of %j shows as %s", (path, value, text) => {
    expect(maskField(path, value)).toBe(text);
  });
});

test("masking again changes nothing, and lines stay lines", () => {
  const texts = [
    fc.constantFrom(...canaries(600, 11).map(({ text }) => text)),
    fc.string({ unit: fc.constantFrom(..."pass word token key=:\"'\\{}[]();,& \n-+|<>$hidden") }),
  ];
  const text = fc.array(fc.oneof(...texts), { maxLength: 4 }).map((parts) => parts.join(" "));
  fc.assert(
    fc.property(text, (raw) => {
      const once = maskText(raw);
      expect(maskText(once)).toBe(once);
      expect(once.split("\n")).toHaveLength(raw.split("\n").length);
    }),
    { numRuns: 2000, seed: 5 },
  );
});

/* The thread's own time, so that a loaded machine changes little. What is quadratic takes minutes. */
describe("a line of 1 MB takes less than five seconds of processor", () => {
  const pieces = [
    ..."a|=|\"|\\|{|[|token |token [|token=|key=|key=[|password:|password=$|<password>|secret \"|'token'=".split(
      "|",
    ),
    ..."cookie: !Ref |cookie=|://|://a:|://a:b@|eyJ|eyJ-|eyJa.|Bearer |-----BEGIN |A|/+|$6$|@tcp(a:|curl -u |a.b-".split(
      "|",
    ),
    ...[
      "secret(",
      "token='\\\"",
      '{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"',
      "mysql -p",
      " \t",
      "v1:",
    ],
  ];
  test.each(pieces)("of %j", (piece) => {
    const line = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const began = process.threadCpuUsage();
    maskText(line);
    const { user, system } = process.threadCpuUsage(began);
    // Some take 0.4 s on a calm machine and three times that where others have its caches; what isn't linear takes minutes.
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
