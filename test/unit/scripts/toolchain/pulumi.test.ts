import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allParts } from "../../../../scripts/toolchain/parts.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import { buildKey } from "../../../../scripts/toolchain/pulumi/build.ts";
import { downloadRoot } from "../../../../scripts/toolchain/pulumi/download.ts";
import { findProvider } from "../../../../scripts/toolchain/pulumi/find.ts";
import { ensurePulumi, locatePulumi } from "../../../../scripts/toolchain/pulumi.ts";
import { atLeast, LOWEST_PULUMI, pinnedVersions } from "../../../../scripts/toolchain/versions.ts";
import { temporaryFolder, write, writeCommand } from "../../../support/temporary.ts";

/** A machine with nothing but what is written into it: home, cache, and a folder on PATH. */
function machine() {
  const home = temporaryFolder();
  const env = { HOME: home, XDG_CACHE_HOME: join(home, "cache"), PATH: join(home, "bin") };
  return { home, cache: join(home, "cache/hotspare"), bin: join(home, "bin"), env };
}

const silent = new Progress({ write: () => undefined }, {});

describe("the cache key of a build", () => {
  test("is stable, and differs by parts and platform", () => {
    expect(buildKey(["cli", "host"])).toBe(buildKey(["host", "cli"]));
    expect(buildKey(["cli"])).not.toBe(buildKey(["provider"]));
    expect(buildKey(["cli"], "linux-x64")).not.toBe(buildKey(["cli"], "linux-arm64"));
  });
});

describe("versions", () => {
  test("are compared by number", () => {
    expect(atLeast("v3.274.1", "3.229.0")).toBe(true);
    expect(atLeast("3.99.9", "3.229.0")).toBe(false);
    expect(atLeast("go1.26.8", "1.26.6")).toBe(true);
    expect(atLeast("3.229.0", "3.229.0")).toBe(true);
    expect(atLeast("3.230.0-alpha.1", "3.230")).toBe(true);
  });

  test("are pinned, and the CLI to build will do for ourselves", () => {
    expect(atLeast(pinnedVersions().cli, LOWEST_PULUMI)).toBe(true);
    expect(pinnedVersions().dockerProvider).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("a toolchain that is there", () => {
  test("a complete one on PATH is used", async () => {
    const { bin, env } = machine();
    writeCommand(join(bin, "pulumi"), "v3.300.0");
    writeCommand(join(bin, "pulumi-language-nodejs"));
    expect(await ensurePulumi(silent, env)).toEqual({ binDir: bin, version: "3.300.0", origin: "path" });
    writeCommand(join(bin, "pulumi-resource-docker"));
    expect(await ensurePulumi(silent, env, allParts)).toMatchObject({ binDir: bin, origin: "path" });
  });

  test("a plugin in Pulumi's own folder counts when its version fits", () => {
    const { home, env } = machine();
    const plugin = (version: string) =>
      join(home, `.pulumi/plugins/resource-docker-v${version}/pulumi-resource-docker`);
    for (const version of ["4.9.0", "5.1.9", "6.0.0"]) writeCommand(plugin(version));
    expect(findProvider("docker", "5.2.0", env)).toBeUndefined();
    writeCommand(plugin("5.2.1"));
    expect(findProvider("docker", "5.2.0", env)).toBe(plugin("5.2.1"));
  });

  test("a build in the cache serves a machine without Pulumi, and one with a Pulumi that is too old", async () => {
    const { cache, bin, env } = machine();
    const built = join(cache, "pulumi", buildKey(["cli", "provider", "host"]), "bin");
    writeCommand(join(built, "pulumi"));
    const expected = { binDir: built, version: pinnedVersions().cli, origin: "cache" };
    expect(await ensurePulumi(silent, env)).toEqual(expected);
    writeCommand(join(bin, "pulumi"), "v3.100.0");
    const said: string[] = [];
    expect(await ensurePulumi(new Progress({ write: (text) => said.push(text) }, {}), env)).toEqual(expected);
    expect(said.join("")).toContain(`Pulumi 3.100.0 on PATH is older than ${LOWEST_PULUMI}`);
  });

  test("a Pulumi on PATH is completed by a build of what it lacks", async () => {
    const { cache, bin, env } = machine();
    writeCommand(join(bin, "pulumi"), "v3.300.0");
    writeCommand(join(bin, "pulumi-language-nodejs"));
    const built = join(cache, "pulumi", buildKey(["provider"]), "bin");
    writeCommand(join(built, "pulumi-resource-docker"));
    const expected = { binDir: built, version: "3.300.0", origin: "path" };
    expect(await ensurePulumi(silent, env, allParts)).toEqual(expected);
    // A stack that isn't on Docker needs nothing of it.
    expect(await ensurePulumi(silent, env)).toEqual({ ...expected, binDir: bin });
  });

  test("a build without the provider serves stacks that aren't on Docker, and those alone", async () => {
    const { cache, env } = machine();
    writeCommand(join(cache, "pulumi", buildKey(["cli", "host"]), "bin/pulumi"));
    expect(await locatePulumi(env)).toMatchObject({ origin: "cache" });
    expect(await locatePulumi(env, allParts)).toBeUndefined();
  });

  test("an earlier download needs the plugin that it once fetched, for stacks on Docker", async () => {
    const { home, cache, env } = machine();
    writeCommand(join(downloadRoot(cache), "bin/pulumi"));
    expect(await locatePulumi(env)).toMatchObject({ origin: "cache" });
    expect(await locatePulumi(env, allParts)).toBeUndefined();
    writeCommand(
      join(
        home,
        `.pulumi/plugins/resource-docker-v${pinnedVersions().dockerProvider}/pulumi-resource-docker`,
      ),
    );
    expect(await locatePulumi(env, allParts)).toMatchObject({
      version: pinnedVersions().sdk,
      origin: "cache",
    });
  });

  test("a Pulumi that does not run is no Pulumi", async () => {
    const { bin, env } = machine();
    write(join(bin, "pulumi"), "#!/bin/sh\nexit 1\n", 0o755);
    expect(await locatePulumi(env)).toBeUndefined();
  });
});
