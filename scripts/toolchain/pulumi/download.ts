import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { withLock } from "../lock.mjs";
import type { Progress } from "../progress.ts";
import { pinnedVersions } from "../versions.ts";

const PROBE_MS = 3_000;

/** Where the official CLI of the SDK's version is, or would be after `download`. */
export function downloadRoot(cache: string): string {
  return join(cache, "pulumi", `official-${pinnedVersions().sdk}`);
}

/** Whether Pulumi's download host serves the CLI of the SDK's version to this machine, found out within 3 s. */
export async function isDownloadable(): Promise<boolean> {
  const os = process.platform === "darwin" ? "darwin" : "linux";
  const url = `https://get.pulumi.com/releases/sdk/pulumi-v${pinnedVersions().sdk}-${os}-${process.arch}.tar.gz`;
  try {
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}

/** Downloads the official CLI into the cache and returns the folder of its executables. */
export async function downloadCli(progress: Progress, cache: string): Promise<string> {
  const root = downloadRoot(cache);
  const version = pinnedVersions().sdk;
  await progress.task(`Pulumi CLI ${version}`, async (update) => {
    update("downloading");
    await withLock(`${root}.lock`, async () => {
      if (existsSync(join(root, "bin", "pulumi"))) return;
      // Loaded here only: this module takes half a second, which a cached toolchain should not cost.
      const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
      await PulumiCommand.install({ root }); // of the SDK's own version, when none is named
    });
    update("downloaded");
  });
  return join(root, "bin");
}

/** Lets the CLI download the Docker provider plugin to where it keeps all its plugins. */
export async function downloadProvider(progress: Progress, cli: string): Promise<void> {
  const version = pinnedVersions().dockerProvider;
  await progress.task(`Pulumi's Docker provider ${version}`, async (update) => {
    update("downloading");
    await execa(cli, ["plugin", "install", "resource", "docker", `v${version}`], { stdin: "ignore" });
    update("downloaded");
  });
}
