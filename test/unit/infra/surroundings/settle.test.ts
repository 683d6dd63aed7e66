import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folders, homeFolder, pulumiHome, temporaryRoot } from "../../../../infra/folders.mjs";
import { gitEnvironment } from "../../../../infra/git-environment.ts";
import { environmentFor, settle, splitOptions } from "../../../../infra/surroundings/settle.mjs";
import { temporaryFolder, write } from "../../../support/temporary.ts";

type Environment = Record<string, string | undefined>;

/** Somebody with a home, in whose surroundings nothing is odd. */
const usual = (): Environment => ({ HOME: temporaryFolder(), PATH: "/usr/bin" });

function settled(env: Environment, options?: Parameters<typeof settle>[1]) {
  const all = { ...usual(), ...env };
  const told = settle(all, options);
  return { env: all, told };
}

describe("Node's options", () => {
  test("are passed on where they are about memory, TLS and the network", () => {
    const text = "--max-old-space-size=8192 --use-openssl-ca --dns-result-order=ipv4first";
    expect(settled({ NODE_OPTIONS: text })).toMatchObject({ env: { NODE_OPTIONS: text }, told: [] });
  });

  test("are left out where they would act in each of our processes, and the person hears of it", () => {
    const { env, told } = settled({
      NODE_OPTIONS: '--require "./a b.js" --max-old-space-size=100 --inspect-brk --import tsx',
    });
    expect(env.NODE_OPTIONS).toBe("--max-old-space-size=100");
    expect(told).toEqual([expect.stringContaining('`--require "./a b.js" --inspect-brk --import tsx`')]);
    expect(settled({ NODE_OPTIONS: "--inspect" }).env).not.toHaveProperty("NODE_OPTIONS");
  });

  test("keep their values", () => {
    expect(splitOptions("--disable-warning DEP0040 -r x --tls-min-v1.3")).toEqual({
      kept: ["--disable-warning", "DEP0040", "--tls-min-v1.3"],
      left: ["-r", "x"],
    });
  });
});

describe("Pulumi's variables", () => {
  const options = { PULUMI_OPTION_TARGET: "urn:x", PULUMI_SKIP_CHECKPOINTS: "1", PULUMI_STACK: "other" };

  test("that would change what a command does are taken away", () => {
    const { env, told } = settled({ ...options, PULUMI_ACCESS_TOKEN: "pul-1" });
    for (const name of Object.keys(options)) expect(env).not.toHaveProperty(name);
    expect(env.PULUMI_ACCESS_TOKEN).toBe("pul-1");
    expect(told.join("\n")).toMatch(/^PULUMI_OPTION_TARGET is not passed on: .*\nPULUMI_SKIP_CHECKPOINTS is/);
    expect(told.join("\n")).not.toContain("urn:x");
  });

  test("are the person's own in ./hotspare pulumi", () => {
    const { env } = settled(options, { pulumi: "the person's" });
    expect(env.PULUMI_OPTION_TARGET).toBe("urn:x");
  });

  test("that make the engine another one are passed on, and told once", () => {
    const env: Environment = { ...usual(), PULUMI_EXPERIMENTAL: "true" };
    expect(settle(env)).toEqual([expect.stringMatching(/^PULUMI_EXPERIMENTAL is set: /)]);
    expect(settle(env)).toEqual([]);
    expect(env.PULUMI_EXPERIMENTAL).toBe("true");
  });
});

describe("a folder for temporary files", () => {
  test("that isn't there gives way to the system's, and the person hears of it", () => {
    const { env, told } = settled({ TMPDIR: "/nonexistent/tmp" });
    expect(env).not.toHaveProperty("TMPDIR");
    expect(told).toEqual(['TMPDIR: "/nonexistent/tmp" is no folder that can be written, so /tmp is used']);
    expect(temporaryRoot({ TMPDIR: "/nonexistent/tmp" })).toBe("/tmp");
  });

  test("that is a file or a relative path is none", () => {
    const file = write(join(temporaryFolder(), "file"), "");
    expect(temporaryRoot({ TMPDIR: file })).toBe("/tmp");
    expect(temporaryRoot({ TMPDIR: "tmp" })).toBe("/tmp");
  });

  test("that can be written is used", () => {
    const folder = temporaryFolder();
    expect(settled({ TMPDIR: folder })).toMatchObject({ env: { TMPDIR: folder }, told: [] });
  });
});

describe("who has no home", () => {
  const nobody = (): Environment => ({ HOME: "/dev/null/home", TMPDIR: temporaryFolder() });

  test("gets an empty one for programs, and still none for what must last", () => {
    const env = nobody();
    settle(env);
    expect(statSync(env.HOME ?? "").isDirectory()).toBe(true);
    expect(homeFolder(env)).toBeNull();
    expect(pulumiHome(env)).toBeNull();
    expect(() => folders(env).state).toThrow(/set HOME/);
    const before = { ...env };
    settle(env);
    expect(env).toEqual(before);
  });

  test("has a cache in the folder for temporary files, for nobody else to write", () => {
    const env = nobody();
    const { cache } = folders(env);
    expect(cache.startsWith(env.TMPDIR ?? "?")).toBe(true);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });

  test("runs nothing from a folder that somebody else has put there", () => {
    const env = nobody();
    const place = join(env.TMPDIR ?? "", `hotspare-${process.getuid?.()}`);
    mkdirSync(place);
    chmodSync(place, 0o777);
    expect(() => folders(env).cache).toThrow(/can be written by others.*set XDG_CACHE_HOME/);
    const linked = nobody();
    symlinkSync(temporaryFolder(), join(linked.TMPDIR ?? "", `hotspare-${process.getuid?.()}`));
    expect(() => folders(linked).cache).toThrow(/belongs to somebody else/);
  });
});

test("a cache that can't be written gives way", () => {
  const blocked = write(join(temporaryFolder(), "a file and no folder"), "");
  const env = { ...usual(), XDG_CACHE_HOME: blocked, TMPDIR: temporaryFolder() };
  expect(folders(env).cache.startsWith(env.TMPDIR)).toBe(true);
  const home = temporaryFolder();
  write(join(home, ".cache"), "not a folder either");
  expect(folders({ HOME: home, TMPDIR: env.TMPDIR }).cache.startsWith(env.TMPDIR)).toBe(true);
  expect(existsSync(join(home, ".cache/hotspare"))).toBe(false);
});

test("npm is told neither to leave packages out nor to install elsewhere", () => {
  const env = environmentFor("npm", {
    NODE_ENV: "production",
    npm_config_omit: "dev",
    "NPM_CONFIG_dry-run": "true",
    npm_config_registry: "https://mirror.example",
    PATH: "/bin",
  });
  expect(env).toEqual({ npm_config_registry: "https://mirror.example", PATH: "/bin" });
});

test("git is told where it works by the folder alone", () => {
  const env = gitEnvironment({
    GIT_DIR: "/elsewhere",
    GIT_SSH: "ssh",
    LC_ALL: "de_DE.UTF-8",
    GIT_TRACE2_EVENT: "1",
  });
  expect(env).toEqual({ GIT_SSH: "ssh", LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" });
});
