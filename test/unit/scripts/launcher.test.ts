import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folders, usableHome } from "../../../infra/folders.mjs";
import { chooseNode, isInstalled } from "../../../scripts/launcher.mjs";
import { installNode, nodeBinary, npmCommand } from "../../../scripts/toolchain/node-binary.mjs";
import { temporaryFolder, write } from "../../support/temporary.ts";

describe("which Node to run on", () => {
  const own = (version: string) => ({ version, execPath: "/usr/bin/node" });

  test("the machine's own when it is new enough, else a cached one, else none yet", () => {
    const cached = write(join(temporaryFolder(), "node"), "", 0o755);
    expect(chooseNode(own("v24.0.0"), cached)).toBe("/usr/bin/node");
    expect(chooseNode(own("v26.1.0"), undefined)).toBe("/usr/bin/node");
    expect(chooseNode(own("v20.20.2"), cached)).toBe(cached);
    expect(chooseNode(own("v20.20.2"), "/nonexistent/node")).toBeUndefined();
  });

  test("a platform that npm has no binary for gets a sentence, not a guess", async () => {
    expect(nodeBinary("/cache", "sunos-x64")).toBeUndefined();
    await expect(installNode("/cache", "sunos-x64")).rejects.toThrow("npm has no Node binary for sunos-x64");
  });

  test("npm is the one that runs the script, where there is one", () => {
    const running = write(join(temporaryFolder(), "npm-cli.js"), "");
    expect(npmCommand({ npm_execpath: running })).toEqual([process.execPath, running]);
    expect(npmCommand({ npm_execpath: "/opt/pnpm.cjs" })).toEqual(["npm"]);
  });
});

describe("whether npm's record covers the lock file", () => {
  const lock = JSON.stringify({
    packages: {
      "": { version: "0.1.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/only-on-macos": { version: "1.0.0", optional: true },
    },
  });
  const record = (a: string) => JSON.stringify({ packages: { "node_modules/a": { version: a } } });

  test("yes with the same versions, whatever optional package is left out", () => {
    expect(isInstalled(lock, record("1.0.0"))).toBe(true);
  });

  test("no with another version, or nothing", () => {
    expect(isInstalled(lock, record("1.0.1"))).toBe(false);
    expect(isInstalled(lock, "{}")).toBe(false);
  });
});

test("folders follow XDG when absolute, and Apple's customs on macOS", () => {
  expect(folders({ XDG_CACHE_HOME: "/x" }, "linux", "/home/me")).toEqual({
    cache: "/x/hotspare",
    config: "/home/me/.config/hotspare",
    state: "/home/me/.local/state/hotspare",
  });
  expect(folders({ XDG_CACHE_HOME: "relative" }, "linux", "/home/me").cache).toBe("/home/me/.cache/hotspare");
  expect(folders({}, "darwin", "/Users/me").cache).toBe("/Users/me/Library/Caches/hotspare");
});

test("who has no home has a cache all the same, and what must last has no place unless one is named", () => {
  const { cache } = folders({}, "linux", null);
  expect(cache).toMatch(/^\/.*\/hotspare-\d+$/);
  expect(() => folders({}, "linux", null).state).toThrow(/set HOME, or XDG_STATE_HOME/);
  expect(folders({ XDG_STATE_HOME: "/state" }, "linux", null).state).toBe("/state/hotspare");
  expect(usableHome({ HOME: "/dev/null/home" })).toBeNull();
});
