import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, "../..");

/** The Go module that builds the Pulumi CLI and the Docker provider. */
export const GO_MODULE = join(import.meta.dirname, "go");

/**
 * The oldest Pulumi CLI from PATH that is used: it must know pulumi.Stash and resource hooks as the SDK of package.json
 * speaks of them.
 */
export const LOWEST_PULUMI = "3.229.0";

/** The versions that belong together, each read from the one place where it is pinned; all without a leading "v". */
export interface Versions {
  /** The Pulumi CLI to build: go.mod. */
  cli: string;
  /** The Pulumi SDK, and the official CLI that belongs to it: package.json. */
  sdk: string;
  /** The Docker provider plugin, of the same version as the npm package: package.json. */
  dockerProvider: string;
  /** The lowest Go that can build: go.mod. */
  go: string;
}

/** Reads the pinned versions. Throws when a pin is missing. */
export function pinnedVersions(): Versions {
  const goMod = readFileSync(join(GO_MODULE, "go.mod"), "utf8");
  const dependencies = pinnedPackages();
  const pin = (pattern: RegExp) => {
    const found = pattern.exec(goMod)?.[1];
    if (!found) throw new Error(`${GO_MODULE}/go.mod has no line like ${pattern}`);
    return found;
  };
  return {
    cli: pin(/^\tgithub\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m),
    sdk: dependencies["@pulumi/pulumi"],
    dockerProvider: dependencies["@pulumi/docker"],
    go: pin(/^go (\S+)/m),
  };
}

/** The version of the AWS provider plugin. Not among those above, since what is built doesn't depend on it. */
export function pinnedAwsProvider(): string {
  return pinnedPackages()["@pulumi/aws"];
}

function pinnedPackages(): Readonly<Record<`@pulumi/${"pulumi" | "docker" | "aws"}`, string>> {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).dependencies;
}

/** Whether `version` ("3.274.1", "v3.274.1", "go1.26.8") is `lowest` or newer. What follows the third number is ignored. */
export function atLeast(version: string, lowest: string): boolean {
  const [a, b] = [numbers(version), numbers(lowest)];
  const differing = [0, 1, 2].find((i) => a[i] !== b[i]);
  return differing === undefined || (a[differing] ?? 0) > (b[differing] ?? 0);
}

function numbers(version: string): number[] {
  const [, major = 0, minor = 0, patch = 0] = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [Number(major), Number(minor), Number(patch)];
}
