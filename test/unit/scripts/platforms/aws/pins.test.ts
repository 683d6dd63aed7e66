import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noPins } from "../../../../../components/model/platforms/aws/pins.ts";
import { readPins } from "../../../../../infra/grounds/aws/pins.ts";
import { recordNewest, type Sources } from "../../../../../scripts/platforms/aws/pins.ts";

const region = "eu-central-1";
const hash = (text: string) => createHash("sha256").update(text).digest("hex");
let folder: string;
let file: string;
let notes: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-pins-"));
  file = join(folder, "aws.lock.json");
  notes = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const session = "https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1";
const watch = "https://amazoncloudwatch-agent-eu-central-1.s3.eu-central-1.amazonaws.com";

/** What AWS's buckets and parameters have on one day. */
function published(more: Readonly<Record<string, string>> = {}, today = "2026-05-01"): Sources {
  const all: Readonly<Record<string, string>> = {
    [`${session}/latest/VERSION`]: "3.3.987.0\n",
    [`${session}/3.3.987.0/debian_amd64/amazon-ssm-agent.deb`]: "session amd64",
    [`${session}/3.3.987.0/debian_arm64/amazon-ssm-agent.deb`]: "session arm64",
    [`${watch}/info/latest/CWAGENT_VERSION`]: "1.300073.2b1889",
    [`${watch}/debian/amd64/1.300073.2b1889/amazon-cloudwatch-agent.deb`]: "watch amd64",
    [`${watch}/debian/arm64/1.300073.2b1889/amazon-cloudwatch-agent.deb`]: "watch arm64",
    "/aws/service/debian/release/13/latest/amd64": "ami-0123456789abcdef0",
    "/aws/service/debian/release/13/latest/arm64": "ami-0123456789abcdef1",
    ...more,
  };
  const at = async (name: string) => {
    const found = all[name];
    if (found === undefined || found === "") throw new Error(`${name} answers 404`);
    return found;
  };
  return { fetched: async (address) => Buffer.from(await at(address)), parameter: at, today };
}
const record = (sources: Sources, where = region) =>
  recordNewest(where, sources, { note: (text) => void notes.push(text) }, file);

test("the newest agents of both architectures and the region's image are recorded with the day", async () => {
  await record(published());
  expect(readPins(file)).toEqual({
    schema: 1,
    agents: {
      session: {
        version: "3.3.987.0",
        sha256: { x86_64: hash("session amd64"), arm64: hash("session arm64") },
        on: "2026-05-01",
      },
      cloudwatch: {
        version: "1.300073.2b1889",
        sha256: { x86_64: hash("watch amd64"), arm64: hash("watch arm64") },
        on: "2026-05-01",
      },
    },
    images: {
      "debian-13": {
        [region]: { x86_64: "ami-0123456789abcdef0", arm64: "ami-0123456789abcdef1", on: "2026-05-01" },
      },
    },
  });
  expect(notes).toEqual([expect.stringContaining("Commit it")]);
});

test("what is the newest still keeps its day, and its digests even where another content is served under the version", async () => {
  await record(published());
  const before = readFileSync(file, "utf8");
  const changed = { [`${session}/3.3.987.0/debian_amd64/amazon-ssm-agent.deb`]: "forged" };
  await record(published(changed, "2026-06-01"));
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(notes.at(-1)).toContain("has the newest already");
});

test("what can't be had stays as it was and is told, and the rest is recorded", async () => {
  await record(published());
  const gone = { [`${watch}/info/latest/CWAGENT_VERSION`]: "", [`${session}/latest/VERSION`]: "<html>" };
  const image = { "/aws/service/debian/release/13/latest/amd64": "ami-0123456789abcdef9" };
  await expect(record(published({ ...gone, ...image }, "2026-06-01"))).rejects.toThrow(
    /not recorded: session agent: its maker names the version "<html>", which is none; cloudwatch agent: .* answers 404/,
  );
  const { agents, images } = readPins(file);
  expect(agents.session?.on).toBe("2026-05-01");
  expect(images["debian-13"]?.[region]).toEqual({
    x86_64: "ami-0123456789abcdef9",
    arm64: "ami-0123456789abcdef1",
    on: "2026-06-01",
  });
});

test("another region has its own image beside", async () => {
  await record(published());
  const north = published(
    Object.fromEntries(
      [`${session}/latest/VERSION`, `${watch}/info/latest/CWAGENT_VERSION`].map((name) => [name, ""]),
    ),
  );
  await expect(record(north, "eu-north-1")).rejects.toThrow("not recorded");
  expect(Object.keys(readPins(file).images["debian-13"] ?? {})).toEqual([region, "eu-north-1"]);
});

test("without a file nothing is recorded; one that is none is refused with what to do", () => {
  expect(readPins(file)).toEqual(noPins);
  writeFileSync(file, "{");
  expect(() => readPins(file)).toThrow(/aws\.lock\.json: it is not JSON .* restore it from git/);
  writeFileSync(file, JSON.stringify({ ...noPins, agents: { session: null } }));
  expect(() => readPins(file)).toThrow(/aws\.lock\.json: agents\.cloudwatch: /);
});
