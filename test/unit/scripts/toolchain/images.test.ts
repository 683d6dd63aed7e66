import { createHash } from "node:crypto";
import { chmodSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { contextFiles } from "../../../../infra/build-context.ts";
import {
  baseRef,
  buildContextRef,
  imageRef,
  poolImage,
  readBase,
  runtimeImages,
} from "../../../../infra/images.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import { packagesAge } from "../../../../scripts/platforms/docker/checks.ts";
import { buildFromFolder, packContext } from "../../../../scripts/toolchain/images/build.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

function context(files: Record<string, string> = {}): string {
  const folder = temporaryFolder();
  write(join(folder, "Dockerfile"), "ARG BASE\nFROM $BASE\n");
  for (const [path, content] of Object.entries(files)) write(join(folder, path), content);
  return folder;
}

const paths = (folder: string) => contextFiles(folder).map(({ path }) => path);

const day = readBase().date.replaceAll("-", "");

describe("image names", () => {
  test("every runtime image has one", () => {
    for (const { name } of runtimeImages())
      expect(imageRef(name)).toMatch(new RegExp(`^hotspare/${name}:${day}-[0-9a-f]{12}$`));
    expect(baseRef()).toMatch(new RegExp(`^hotspare/base:${day}-[0-9a-f]{12}$`));
  });

  test("follow content, paths and x bits, and not times, owners or the folder", () => {
    const files = { "a/b.txt": "1", "a/c.txt": "2" };
    const [one, two] = [context(files), context(files)];
    utimesSync(join(two, "a/b.txt"), 1, 1);
    chmodSync(join(two, "a/b.txt"), 0o600);
    expect(buildContextRef("web", one)).toBe(buildContextRef("web", two));
    const before = buildContextRef("web", one);
    chmodSync(join(one, "a/b.txt"), 0o755);
    expect(buildContextRef("web", one)).not.toBe(before);
    expect(buildContextRef("web", context({ "a/b.txt": "12", "a/c.txt": "" }))).not.toBe(before);
  });

  test("a folder without a Dockerfile is refused by its path", () => {
    expect(() => buildContextRef("web", "/nonexistent")).toThrow("there is none at /nonexistent/Dockerfile");
    expect(() => imageRef("nonsense")).toThrow(/image "nonsense" needs a Dockerfile/);
  });

  test("is another one for other arguments and another stage, and the same where none are given", () => {
    const folder = context({ Dockerfile: "FROM scratch\n" });
    const of = (args: Record<string, string>, target: string | null = null) =>
      buildContextRef("web", folder, { arguments: args, target });
    expect(of({})).toBe(buildContextRef("web", folder));
    expect(of({ A: "1", B: "2" })).toBe(of({ B: "2", A: "1" }));
    expect(new Set([of({}), of({ A: "1" }), of({ A: "2" }), of({}, "prod")]).size).toBe(4);
  });

  test("Node is added only where the Dockerfile copies it and the folder has none", () => {
    const dockerfile = "ARG BASE\nFROM $BASE\nCOPY --chown=0:0 node /usr/bin/node\n";
    expect(poolImage("web", context({ Dockerfile: dockerfile })).needsNode).toBe(true);
    expect(poolImage("web", context({ Dockerfile: dockerfile, node: "own" })).needsNode).toBe(false);
    expect(poolImage("web", context({ Dockerfile: "FROM node\nCOPY node_server.js /\n" })).needsNode).toBe(
      false,
    );
  });
});

/** An engine whose classic builder answers so. */
function builder(...events: object[]): Docker {
  const docker = new Docker({ socketPath: "/nonexistent" });
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  docker.buildImage = async () => Readable.from(lines) as never;
  return docker;
}

/** Lets containers of it have this database of dpkg, and no other. */
function withDatabase(docker: Docker, database: string): void {
  docker.createContainer = (async () => ({
    getArchive: async ({ path }: { path: string }) => {
      if (path !== "/var/lib/dpkg/status")
        throw Object.assign(new Error("no such file"), { statusCode: 404 });
      const tar = pack();
      tar.entry({ name: "status" }, database);
      tar.finalize();
      return tar;
    },
    remove: async () => {},
  })) as never;
}

describe("a build that fails", () => {
  const request = { ref: "hotspare/web:1", labels: {} };
  const build = (docker: Docker) => buildFromFolder(docker, { ...request, folder: context() }, () => {});

  test("is an error with the build's own last lines, though the engine's answer ends well", async () => {
    const failing = builder(
      { stream: "Step 2/2 : RUN make\n" },
      { stream: "make: *** No rule to make target\n" },
      { errorDetail: { code: 2 }, error: "The command '/bin/sh -c make' returned a non-zero code: 2" },
    );
    await expect(build(failing)).rejects.toMatchObject({
      exitCode: exitCodes.failed,
      message:
        "Building the image hotspare/web:1 failed: The command '/bin/sh -c make' returned a non-zero code: 2\n" +
        "Step 2/2 : RUN make\nmake: *** No rule to make target",
    });
  });

  test("is none where the engine reports none, and its image has its name with the list of its packages alone", async () => {
    const docker = builder({ stream: "Step 1/1 : FROM base\n" }, { stream: "Successfully built 1\n" });
    const [tags, labels, removed]: [unknown[], unknown[], string[]] = [[], [], []];
    const answer = docker.buildImage.bind(docker);
    docker.buildImage = ((file: never, options: { t: string; labels: Record<string, string> }) => {
      tags.push(options.t);
      labels.push(options.labels);
      return answer(file, options);
    }) as never;
    withDatabase(docker, "Package: nginx\nStatus: install ok installed\nVersion: 1.26.3-3\n");
    docker.getImage = ((name: string) => ({ remove: async () => removed.push(name) })) as never;
    await build(docker);
    expect(tags).toEqual([`hotspare/web:1-${process.pid}`, "hotspare/web:1"]);
    expect(removed).toEqual([`hotspare/web:1-${process.pid}`]);
    const digest = createHash("sha256").update("nginx 1.26.3-3\n").digest("hex");
    expect(labels.at(-1)).toEqual({ "hotspare.packages.digest": `sha256:${digest}` });
  });
});

test("packages older than 30 days come with the way to newer ones", () => {
  const now = Date.parse("2026-12-30T12:00:00Z");
  expect(packagesAge("base:1", "2026-11-30", now)).toEqual({
    detail: "base:1, packages of 2026-11-30, 30 days old",
  });
  expect(packagesAge("base:1", "2026-11-29", now)).toEqual({
    detail: "base:1, packages of 2026-11-29, 31 days old",
    fix: "`./hotspare images --refresh` brings the fixes that Debian has published since",
  });
});

describe("build contexts", () => {
  test("leave out .git, node_modules and what .dockerignore names; the last rule decides", () => {
    const folder = context({
      ".dockerignore": "# comment\nlogs\n**/*.tmp\n/secret/\n!logs/keep.txt\nDockerfile\n",
      ".git/HEAD": "",
      "node_modules/x/index.js": "",
      "app/node_modules/y.js": "",
      "app/main.js": "",
      "app/deep/x.tmp": "",
      "logs/a.txt": "",
      "logs/keep.txt": "",
      "secret/key": "",
    });
    expect(paths(folder)).toEqual([".dockerignore", "Dockerfile", "app/main.js", "logs/keep.txt"]);
  });

  test("keep symbolic links as links", () => {
    const folder = context({ "real.txt": "x" });
    symlinkSync("real.txt", join(folder, "link.txt"));
    expect(contextFiles(folder).find(({ path }) => path === "link.txt")?.link).toBe("real.txt");
  });

  test("become the same tar twice, with extra files at the end", async () => {
    const folder = context({ "bin/run": "#!/bin/sh\n", empty: "" });
    const extra = [{ path: "node", from: write(join(temporaryFolder(), "n"), "binary") }];
    const [one, two] = [await buffer(packContext(folder, extra)), await buffer(packContext(folder, extra))];
    expect(one.equals(two)).toBe(true);
    expect(one.includes("binary")).toBe(true);
  });
});
