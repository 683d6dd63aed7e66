import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { readBase } from "../../../../infra/images.ts";
import { firstSeen, holdToFirst } from "../../../../scripts/toolchain/first-seen.ts";
import { pullPinned } from "../../../../scripts/toolchain/images/base.ts";
import { withLock } from "../../../../scripts/toolchain/lock.mjs";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import {
  downloadCli,
  downloadProvider,
  downloadRoot,
} from "../../../../scripts/toolchain/pulumi/download.ts";
import { pinnedVersions } from "../../../../scripts/toolchain/versions.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

const sha256 = (content: Buffer | string) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o755 }, text);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** A download host that gives one answer at a time to everybody. */
async function host(content: Buffer) {
  const given = { content, status: 200, asked: [] as string[] };
  const server = createServer((request, response) => {
    given.asked.push(request.url ?? "");
    response.statusCode = given.status;
    response.end(given.content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return Object.assign(given, {
    releases: `http://127.0.0.1:${port}/releases`,
    firstSeen: join(temporaryFolder(), "first-seen.json"),
  });
}

function heard() {
  const said: string[] = [];
  return { said, progress: new Progress({ write: (text) => said.push(text) }, {}) };
}

describe("Pulumi's CLI from its download host", () => {
  test("is recorded when nobody had it before; whoever has the record is given the same or nothing", async () => {
    const given = await host(
      await archive({ "pulumi/pulumi": "the CLI", "pulumi/pulumi-language-nodejs": "" }),
    );
    const [first, second, third] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const { said, progress } = heard();
    const bin = await downloadCli(progress, first, given);
    expect(readFileSync(join(bin, "pulumi"), "utf8")).toBe("the CLI");
    expect(readdirSync(downloadRoot(first))).toEqual(["bin"]);
    expect(said.join("")).toMatch(/pulumi-v\S+\.tar\.gz was taken from .* as it came.*Commit it/);
    const name = given.asked[0]?.split("/").at(-1) ?? "";
    expect(firstSeen(name, given.firstSeen)).toEqual({
      digest: sha256(given.content),
      from: `${given.releases}/sdk`,
      on: new Date().toISOString().slice(0, 10),
    });

    const record = readFileSync(given.firstSeen, "utf8");
    await downloadCli(heard().progress, second, given);
    expect(readFileSync(given.firstSeen, "utf8")).toBe(record);

    given.content = await archive({ "pulumi/pulumi": "another CLI" });
    await expect(downloadCli(heard().progress, third, given)).rejects.toThrow(
      new RegExp(`what was downloaded as ${name} .* is ${sha256(given.content)}, .* it was thrown away`),
    );
    expect(readdirSync(downloadRoot(third))).toEqual([]);
    expect(readFileSync(given.firstSeen, "utf8")).toBe(record);
  });

  test("is not recorded when it doesn't come", async () => {
    const given = await host(Buffer.from("sorry"));
    given.status = 503;
    await expect(downloadCli(heard().progress, temporaryFolder(), given)).rejects.toThrow("answers 503");
    expect(existsSync(given.firstSeen)).toBe(false);
  });

  test("comes all the same where nothing can be recorded, and it is said", async () => {
    const given = await host(await archive({ "pulumi/pulumi": "the CLI" }));
    const { said, progress } = heard();
    const noFolder = write(join(temporaryFolder(), "file"), "");
    await downloadCli(progress, temporaryFolder(), {
      ...given,
      firstSeen: join(noFolder, "first-seen.json"),
    });
    expect(said.join("")).toContain("has no digest of it, and can't be written");
  });
});

test("a provider plugin reaches Pulumi as a file whose content is recorded, and another content doesn't", async () => {
  const given = await host(await archive({ "pulumi-resource-docker": "" }));
  const folder = temporaryFolder();
  const calls = join(folder, "calls");
  const cli = write(
    join(folder, "pulumi"),
    `#!/bin/sh\nsha256sum "$7" >> ${calls}\necho "$*" >> ${calls}\n`,
    0o755,
  );
  const version = pinnedVersions().dockerProvider;
  await downloadProvider(heard().progress, cli, "docker", version, given);
  const called = readFileSync(calls, "utf8");
  expect(called).toContain(sha256(given.content).slice("sha256:".length));
  expect(called).toMatch(new RegExp(`plugin install resource docker v${version} --file \\S+`));
  given.content = Buffer.from("another");
  await expect(downloadProvider(heard().progress, cli, "docker", version, given)).rejects.toThrow(
    "thrown away",
  );
  expect(readFileSync(calls, "utf8")).toBe(called);
});

test("of two processes that record at the same time neither loses what the other one has recorded", async () => {
  const file = join(temporaryFolder(), "first-seen.json");
  const [ours, others] = [
    { digest: "sha256:1", from: "here" },
    { digest: "sha256:2", from: "there" },
  ];
  // What another process has read before ours begins, and writes after it.
  const { both, ended } = await withLock(`${file}.lock`, async () => {
    const both = [
      holdToFirst(heard().progress, "a", ours, file),
      holdToFirst(heard().progress, "b", ours, file),
    ];
    const ended = expect(both[1]).rejects.toThrow("what was downloaded as b from here is sha256:1");
    await new Promise((resolve) => setTimeout(resolve, 20));
    write(file, JSON.stringify({ b: { ...others, on: "2026-01-01" } }));
    return { both, ended };
  });
  await Promise.all([both[0], ended]);
  expect([firstSeen("a", file)?.digest, firstSeen("b", file)?.digest]).toEqual(["sha256:1", "sha256:2"]);
});

describe("an image of a registry", () => {
  const digest = `sha256:${"1".repeat(64)}`;

  function engine(pulled: string[], digests: readonly string[]): Docker {
    const docker = new Docker({ socketPath: "/nonexistent" });
    docker.pull = (async (name: string) => {
      pulled.push(name);
      return Readable.from(['{"status":"done"}\n']);
    }) as never;
    docker.getImage = (() => ({ inspect: async () => ({ RepoDigests: digests }) })) as never;
    return docker;
  }

  test("is taken by the content that its tag had when it was first pulled for the packages of this day", async () => {
    const file = join(temporaryFolder(), "first-seen.json");
    const pulled: string[] = [];
    const docker = engine(pulled, ["other@sha256:2", `debian@${digest}`]);
    expect(await pullPinned(docker, "debian:trixie-slim", heard().progress, file)).toBe(`debian@${digest}`);
    expect(await pullPinned(docker, "debian:trixie-slim", heard().progress, file)).toBe(`debian@${digest}`);
    expect(pulled).toEqual(["debian:trixie-slim", `debian@${digest}`]);
    expect(firstSeen(`debian:trixie-slim of ${readBase().date}`, file)?.digest).toBe(digest);
  });

  test("without a digest is refused", async () => {
    const file = join(temporaryFolder(), "first-seen.json");
    const docker = engine([], []);
    await expect(pullPinned(docker, "debian:trixie-slim", heard().progress, file)).rejects.toThrow(
      "tells no digest of it",
    );
  });
});
