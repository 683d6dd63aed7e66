import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { rowOf } from "../../../../infra/surroundings/settle.mjs";
import { inherited } from "../../../../infra/surroundings/table.mjs";
import { root, sources } from "../../../support/sources.ts";

/*
 * Every variable that somebody reads has a row that decides about it: our own sources, git and Node say themselves which those are.
 * What Pulumi reads is asked of Pulumi in test/engine/surroundings.test.ts.
 */

describe("the table of what is inherited", () => {
  test("gives a reason for each, and names none twice", () => {
    const names = inherited.flatMap((row) => row.names);
    expect(names.length).toBe(new Set(names).size);
    for (const { reason } of inherited) expect(reason).toMatch(/^[A-Z`].*\.$/);
  });

  test("has every variable that our own sources read", () => {
    // Programs on machines are started with an environment of ours.
    const own = sources.filter(
      ({ path }) => !/^(infra\/(runtime|power\/switch)|scripts\/lab\/controller|test)\//.test(path),
    );
    const read = own.flatMap(({ path }) => {
      const text = readFileSync(join(root, path), "utf8");
      return [...text.matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g)].map(([, name = ""]) => name);
    });
    expect(read).toContain("DOCKER_HOST");
    expect([...new Set(read)].filter((name) => rowOf(name) === undefined)).toEqual([]);
  });

  test("takes away all that git says is of one repository", async () => {
    const { stdout } = await execa("git", ["rev-parse", "--local-env-vars"]);
    const local = stdout.split("\n");
    expect(local).toContain("GIT_DIR");
    expect(local.filter((name) => rowOf(name)?.decision !== "overruled")).toEqual([]);
  });

  test("has all that Node says it reads", async () => {
    const { stdout } = await execa(process.execPath, ["--help"]);
    const named = [...stdout.matchAll(/^([A-Z][A-Z_0-9]+)(?= |$)/gm)].map(([, name = ""]) => name);
    expect(named).toContain("NODE_EXTRA_CA_CERTS");
    expect(named.filter((name) => rowOf(name) === undefined)).toEqual([]);
  });

  test.each([
    ["npm_config_dry_run", "overruled"],
    ["NPM_CONFIG_DRY-RUN", "overruled"],
    ["npm_config_omit", "overruled"],
    ["NPM_CONFIG_REGISTRY", "passed"],
    ["https_proxy", "passed"],
    ["GIT_CONFIG_VALUE_12", "overruled"],
    ["GIT_CONFIG_GLOBAL", "passed"],
    ["PULUMI_OPTION_TARGET", "overruled"],
    ["PULUMI_ACCESS_TOKEN", "passed"],
    ["LC_ALL", "passed"],
  ])("%s is %s", (name, decision) => {
    expect(rowOf(name)?.decision).toBe(decision);
  });

  test("says nothing of what nobody reads", () => {
    expect(rowOf("EDITOR")).toBeUndefined();
    expect(rowOf("XNODE_OPTIONS")).toBeUndefined();
  });
});

test("nobody asks Node for the home folder but infra/folders.mjs: it throws for who has none", () => {
  // ssh itself ends where a number has no name; its adapter knows nothing of infra.
  const known = ["infra/folders.mjs", "components/platform/metal/ssh.ts"];
  const asking = sources.filter(({ path }) => {
    if (known.includes(path)) return false;
    return /\bhomedir\b/.test(readFileSync(join(root, path), "utf8"));
  });
  expect(asking.map(({ path }) => path)).toEqual([]);
});
