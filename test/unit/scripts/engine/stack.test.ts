import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { isLocal, prepareEngineEnvironment, prependPath } from "../../../../scripts/engine/environment.ts";
import { explain, isStale, progressOf } from "../../../../scripts/engine/stack.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

describe("a lock that the engine names is stale", () => {
  /** A process that is no more. */
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const lock = (pid: number, host = hostname()) =>
    `  file:///state/.pulumi/locks/organization/hotspare/dev/1.json: created by somebody@${host} (pid ${pid}) at 2026-01-01T00:00:00Z`;
  const message = (...locks: string[]) =>
    `error: the stack is currently locked by ${locks.length} lock(s).\n${locks.join("\n")}`;

  test("when its process is no more", () => {
    expect(isStale(message(lock(dead)))).toBe(true);
  });

  test("not when its process lives", () => {
    expect(isStale(message(lock(process.pid)))).toBe(false);
  });

  test("not when it is another machine's, whose processes can't be seen", () => {
    expect(isStale(message(lock(dead, "another-host")))).toBe(false);
  });

  test("not when one of several is held", () => {
    expect(isStale(message(lock(dead), lock(process.pid)))).toBe(false);
    expect(isStale(message(lock(dead), lock(dead, "another-host")))).toBe(false);
  });

  test("not when nobody is named", () => {
    expect(isStale("error: the stack is currently locked by 1 lock(s).")).toBe(false);
    expect(isStale("")).toBe(false);
  });
});

describe("the engine's words", () => {
  test.each([
    [{ exitCode: 1, stdout: "", stderr: "error: no such stack\nerror: really\n" }, "no such stack\nreally"],
    [{ exitCode: 1, stdout: "said aside\n", stderr: "  \n" }, "said aside"],
    [{ exitCode: 255, stdout: "", stderr: "" }, "pulumi ended with exit code 255"],
  ])("of %j are %j", (result, words) => {
    expect(explain(result)).toBe(words);
  });
});

describe("the engine's environment", () => {
  const prepared = (given: NodeJS.ProcessEnv = {}) => {
    const folder = temporaryFolder();
    const env: NodeJS.ProcessEnv = {
      HOME: folder,
      PULUMI_HOME: folder,
      XDG_CONFIG_HOME: `${folder}/config`,
      XDG_STATE_HOME: `${folder}/state`,
      ...given,
    };
    prepareEngineEnvironment(env);
    return { env, folder };
  };

  test("has a backend in the person's state folder where none was chosen", () => {
    const { env, folder } = prepared();
    expect(env.PULUMI_BACKEND_URL?.startsWith(`file://${folder}/state/`)).toBe(true);
    expect(statSync(env.PULUMI_BACKEND_URL?.slice("file://".length) ?? "").mode & 0o777).toBe(0o700);
  });

  test("has a random passphrase for it, readable by nobody else, the same ever after", () => {
    const { env } = prepared();
    const file = env.PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
    const passphrase = readFileSync(file, "utf8");
    expect(passphrase).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    prepareEngineEnvironment(env);
    expect(readFileSync(file, "utf8")).toBe(passphrase);
  });

  test("keeps the passphrase that the person has", () => {
    const { env } = prepared({ PULUMI_CONFIG_PASSPHRASE: "mine" });
    expect([env.PULUMI_CONFIG_PASSPHRASE, env.PULUMI_CONFIG_PASSPHRASE_FILE]).toEqual(["mine", undefined]);
  });

  test("has no passphrase of ours for a shared backend: it would lock the others out", () => {
    const { env } = prepared({ PULUMI_BACKEND_URL: "s3://state" });
    expect([env.PULUMI_BACKEND_URL, env.PULUMI_CONFIG_PASSPHRASE_FILE]).toEqual(["s3://state", undefined]);
  });

  test("finds the toolchain's programs first", () => {
    const env: NodeJS.ProcessEnv = { PATH: "/usr/bin" };
    prependPath("/tools", env);
    expect(env.PATH?.split(":").at(0)).toBe("/tools");
    expect(env.PATH?.split(":").at(-1)).toBe("/usr/bin");
  });

  test.each([
    ["file:///state", true],
    ["file://~", true],
    ["s3://state", false],
    ["https://api.pulumi.com", false],
  ])("%s is on this machine: %s", (url, local) => {
    expect(isLocal(url)).toBe(local);
  });
});

test("what the program tells of a roll-out is its phase and what changes all the time; other messages are none of it", () => {
  const event = (message: string, severity = "info", ephemeral = true) =>
    ({
      sequence: 1,
      timestamp: 1,
      diagnosticEvent: { message, severity, ephemeral, color: "never" },
    }) as never;
  expect(progressOf(event("gate: 1 of 2 new nodes pass, web-2 is not healthy (HTTP 503: no)\n"))).toEqual({
    phase: "gate",
    measure: "1 of 2 new nodes pass, web-2 is not healthy (HTTP 503: no)",
  });
  expect(progressOf(event("instance refresh 40 %"))).toEqual({ phase: "instance refresh 40 %", measure: "" });
  expect(progressOf(event("gate: 1", "warning"))).toBeNull();
  expect(progressOf(event("gate: 1", "info", false))).toBeNull();
});
