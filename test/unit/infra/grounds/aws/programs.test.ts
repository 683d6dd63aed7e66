import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadStack } from "../../../../../components/model/define.ts";
import type { GroupPlan, GroupPrograms } from "../../../../../components/plan/types.ts";
import { render } from "../../../../../components/render/index.ts";
import { planContext } from "../../../../../infra/context.ts";
import { bootstrap } from "../../../../../infra/grounds/aws/bootstrap.ts";
import { followerOf, followerProgram } from "../../../../../infra/grounds/aws/follower-program.ts";
import { hashOf, programFiles } from "../../../../../infra/grounds/aws/programs.ts";
import { awsPlan, awsStack } from "../../../../support/aws/stacks.ts";
import { developmentStack } from "../../../../support/plans.ts";

/* The hash in a plan has to see every program that a bundle has: one that it doesn't see would change without a review's word. */

const project = join(import.meta.dirname, "../../../../..");

async function filesOf(archive: Buffer): Promise<Map<string, string>> {
  const unpacked = extract();
  unpacked.end(gunzipSync(archive));
  const files = new Map<string, string>();
  for await (const entry of unpacked) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    files.set(entry.header.name, Buffer.concat(parts).toString());
  }
  return files;
}

const kinds: [GroupPrograms, string, object][] = [
  ["sample", "web", {}],
  ["node", "web", { image: { kind: "reference", reference: "acme/api:2" } }],
  ["balancer", "lb", {}],
];

test.each(kinds)(
  "a bundle of a %s has the rendered files and the programs that the plan's hash is made of, and nothing else",
  async (kind, of, fields) => {
    const plan = awsPlan({}, { pools: { web: { active: 2, ...fields } } });
    const group = plan.groups.find(({ key }) => key === of) as GroupPlan;
    const rendered = render(plan).find(({ machine }) => machine === of)?.files ?? [];
    const archive = readFileSync(bootstrap.bundle(plan, group).file);
    const expected = new Map([
      ...rendered.map(
        ({ path, content }) => [path.startsWith("/") ? `files${path}` : path, content] as const,
      ),
      ...programFiles(kind).map(({ name, content }) => [name, content.toString()] as const),
    ]);
    expect(expected.size).toBe(rendered.length + programFiles(kind).length);
    expect(await filesOf(archive)).toEqual(expected);
  },
);

test("a change of any program's content, name or mode is another hash, its place in the list is not", () => {
  const files = programFiles("balancer");
  const others = files.flatMap((file, index) =>
    [
      { ...file, content: `${file.content} ` },
      { ...file, name: `${file.name}2` },
      { ...file, mode: 0o600 },
    ].map((other) => files.with(index, other)),
  );
  const hashes = others.map(hashOf);
  expect(hashes.length).toBeGreaterThan(60);
  expect(new Set([...hashes, hashOf(files)]).size).toBe(hashes.length + 1);
  expect(hashOf(files.toReversed())).toBe(hashOf(files));
});

test("the hashes are of this checkout, one for each kind of machine, and on AWS alone", () => {
  const { programs } = planContext(loadStack("test", awsStack()), "owner", {});
  expect(programs).toEqual(Object.fromEntries(kinds.map(([kind]) => [kind, hashOf(programFiles(kind))])));
  expect(new Set(Object.values(programs ?? {})).size).toBe(3);
  expect(planContext(loadStack("dev", developmentStack), "owner", {}).programs).toBeUndefined();
});

describe("the follower in the hash", () => {
  const root = mkdtempSync(join(tmpdir(), "hotspare-programs-"));
  const cache = join(root, "cache");
  const sources = ["infra/runtime/follower", "infra/runtime/warden"];
  const client = join(root, "node_modules/@aws-sdk/client-ec2/package.json");
  afterAll(() => rmSync(root, { recursive: true }));

  /** This checkout's sources; in place of AWS's clients small ones, which tell their version as those do. */
  beforeAll(() => {
    for (const folder of sources) cpSync(join(project, folder), join(root, folder), { recursive: true });
    for (const name of ["client-auto-scaling", "client-cloudwatch", "client-ec2"]) {
      const folder = join(root, "node_modules/@aws-sdk", name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
      writeFileSync(join(folder, "index.js"), 'exports.version = require("./package.json").version;');
    }
  });

  /** Whether a change makes another program; afterwards all is as it was. */
  function isChangedBy(path: string, text: string): boolean {
    const before = followerOf(root, cache);
    const content = readFileSync(path);
    appendFileSync(path, text);
    const after = followerOf(root, cache);
    writeFileSync(path, content);
    expect(followerOf(root, cache).equals(before)).toBe(true);
    return !after.equals(before);
  }

  test("changes with each source that is bundled, and with no other one", () => {
    const files = sources.flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    );
    const seen = files.filter(
      (path) => path.endsWith(".ts") && isChangedBy(join(root, path), "\nglobalThis.changed = true;\n"),
    );
    const follower = files.filter(
      (path) => path.startsWith("infra/runtime/follower/") && path.endsWith(".ts"),
    );
    expect(seen).toEqual([
      ...follower,
      ...["log.ts", "own.ts", "socket-http.ts"].map((file) => `infra/runtime/warden/${file}`),
    ]);
    expect(files.length).toBeGreaterThan(seen.length);
  });

  test("changes with the version of AWS's clients, whose real ones tell theirs too", () => {
    const before = followerOf(root, cache);
    const content = readFileSync(client, "utf8");
    writeFileSync(client, content.replace("1.0.0", "1.0.1"));
    expect(followerOf(root, cache).equals(before)).toBe(false);
    writeFileSync(client, content);
    const { dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    for (const [name, version] of Object.entries<string>(dependencies))
      if (name.startsWith("@aws-sdk/client-") && name !== "@aws-sdk/client-elastic-load-balancing-v2")
        expect(followerProgram().includes(`"${version}"`), name).toBe(true);
  });

  test("is the same from the cache, from a damaged one and where none can be written", () => {
    const built = followerOf(root, cache);
    const [entry = ""] = readdirSync(cache);
    const kept = readFileSync(join(cache, entry));
    expect(followerOf(root, cache).equals(built)).toBe(true);
    writeFileSync(join(cache, entry), kept.subarray(0, kept.length / 2));
    expect(followerOf(root, cache).equals(built)).toBe(true);
    expect(followerOf(root, null).equals(built)).toBe(true);
    // A file in the folder's place: root may write into any folder.
    expect(followerOf(root, join(cache, entry)).equals(built)).toBe(true);
  });

  test("is the same in another folder, whose packages are a link to those of the first", () => {
    const other = join(root, "deeper/checkout");
    for (const folder of sources) cpSync(join(root, folder), join(other, folder), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(other, "node_modules"), "dir");
    const entries = readdirSync(cache);
    const built = readFileSync(join(cache, entries[0] ?? ""), "utf8");
    expect(followerOf(other, cache).equals(followerOf(root, cache))).toBe(true);
    // It was taken from the cache and not built again.
    expect(readdirSync(cache)).toEqual(entries);
    expect(readFileSync(join(cache, entries[0] ?? ""), "utf8")).toBe(built);
    const unkept = join(root, "unkept");
    expect(followerOf(other, unkept).equals(followerOf(root, cache))).toBe(true);
    const { inputs } = JSON.parse(readFileSync(join(unkept, entries[0] ?? ""), "utf8"));
    expect(inputs).toEqual(JSON.parse(built).inputs);
  });
});
