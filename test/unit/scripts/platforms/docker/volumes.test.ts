import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { expect, test } from "vitest";
import { replace, swap } from "../../../../../scripts/platforms/docker/volumes.ts";
import { temporaryFolder, write } from "../../../../support/temporary.ts";

const ownership = { owner: "0123abcd", stack: "dev" };
const folder = ".hotspare-restore-0123";

function swapIn(place: string): void {
  execFileSync("sh", ["-c", swap, "sh", place, folder], { stdio: "pipe" });
}

test("what was unpacked beside the data takes their place, hidden files, modes and links too", () => {
  const place = temporaryFolder();
  write(join(place, "old", "a"), "old");
  write(join(place, ".old"), "old");
  write(join(place, "both"), "old");
  write(join(place, folder, "new", "b"), "new", 0o600);
  write(join(place, folder, ".new file"), "new");
  write(join(place, folder, "both"), "new");
  symlinkSync("/nowhere", join(place, folder, "link"));
  swapIn(place);
  expect(readdirSync(place).sort()).toEqual([".new file", "both", "link", "new"]);
  expect(readFileSync(join(place, "both"), "utf8")).toBe("new");
  expect(statSync(join(place, "new", "b")).mode & 0o777).toBe(0o600);
  expect(readlinkSync(join(place, "link"))).toBe("/nowhere");
});

test("an empty backup leaves an empty volume; without anything unpacked it fails and nothing goes", () => {
  const place = temporaryFolder();
  write(join(place, "old"), "old");
  expect(() => swapIn(join(place, "nowhere"))).toThrow();
  expect(readdirSync(place)).toEqual(["old"]);
  write(join(place, folder, "x"), "");
  execFileSync("rm", [join(place, folder, "x")]);
  swapIn(place);
  expect(readdirSync(place)).toEqual([]);
});

interface Failing {
  /** Which step fails, by its name in the story. */
  readonly at?: string;
  /** What happens at a step. */
  readonly on?: Readonly<Record<string, () => void>>;
}

/** An engine on which web-1 has the volume. It tells what was done, step by step. */
function engineWith({ at, on = {} }: Failing = {}) {
  const story: string[] = [];
  const step = async (name: string) => {
    story.push(name);
    on[name]?.();
    if (name === at) throw new Error("no space left on device");
  };
  const docker = {
    listContainers: async () => ["web-1", "web-2"].map((Id) => ({ Id, Names: [`/${Id}`] })),
    listImages: async () => [{ Id: "image" }],
    getContainer: (id: string) => ({ stop: () => step(`stop ${id}`), start: () => step(`start ${id}`) }),
    createContainer: async ({ Entrypoint: [program = ""] }: { Entrypoint: string[] }) => ({
      putArchive: async (archive: Buffer | NodeJS.ReadableStream, { path }: { path: string }) => {
        if (!Buffer.isBuffer(archive)) await buffer(archive);
        await step(path === "/volume" ? "make room" : "unpack");
      },
      start: () => step(program),
      wait: async () => ({ StatusCode: at === `${program} ends` ? 1 : 0 }),
      remove: async () => undefined,
    }),
  };
  return { docker: docker as unknown as Docker, story };
}

const stops = ["stop web-1", "stop web-2"];
const starts = ["start web-1", "start web-2"];

async function restored(
  failing: Failing,
  signal = new AbortController().signal,
): Promise<[string, string[]]> {
  const { docker, story } = engineWith(failing);
  const file = write(join(temporaryFolder(), "a.tar.gz"), "backup");
  const said = await replace(docker, ownership, "data", file, signal).then(
    () => "done",
    (error: Error) => error.message.replaceAll(file, "FILE"),
  );
  return [said, story];
}

test("a restore stops who has the volume, unpacks, swaps and starts them again", async () => {
  expect(await restored({})).toEqual(["done", [...stops, "make room", "unpack", "sh", ...starts]]);
});

test.each([
  ["stop web-2", stops],
  ["unpack", [...stops, "make room", "unpack", "rm"]],
  ["sh", [...stops, "make room", "unpack", "sh", "rm"]],
])("where %s fails all runs again with the old data", async (at, steps) => {
  expect(await restored({ at })).toEqual(["no space left on device", [...steps, ...starts]]);
});

test("a signal before the swap leaves the old data", async () => {
  for (const at of ["stop web-1", "make room", "unpack"]) {
    const asked = new AbortController();
    const [said, story] = await restored({ on: { [at]: () => asked.abort() } }, asked.signal);
    expect(said).toMatch(/abort/);
    expect(story.slice(-3)).toEqual(["rm", ...starts]);
    expect(story).not.toContain("sh");
  }
});

test("a signal during the swap comes too late", async () => {
  const asked = new AbortController();
  const [said, story] = await restored({ on: { sh: () => asked.abort() } }, asked.signal);
  expect([said, story.slice(-3)]).toEqual(["done", ["sh", ...starts]]);
});

test("where the swap fails nobody is started on half of the data, and a person hears what to do", async () => {
  const [said, story] = await restored({ at: "sh ends" });
  expect(said).toBe(
    "data has only part of its data (the program that works on it ended with exit code 1); web-1, web-2 stay stopped: run `./hotspare volume restore dev data FILE` again, then `./hotspare up dev`",
  );
  expect(story.at(-1)).toBe("sh");
});
