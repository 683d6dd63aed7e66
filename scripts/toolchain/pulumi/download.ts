import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { download, firstSeenFile } from "../first-seen.ts";
import { withLock } from "../lock.mjs";
import type { Progress } from "../progress.ts";
import { pinnedVersions } from "../versions.ts";

const PROBE_MS = 3_000;
const DOWNLOAD_MS = 600_000;

/** Where Pulumi's archives come from, and the file that says what they are. */
export interface DownloadHost {
  /** Without a slash at its end. */
  releases: string;
  firstSeen: string;
}

/** Pulumi's own. */
export const pulumiHost: DownloadHost = {
  releases: "https://get.pulumi.com/releases",
  firstSeen: firstSeenFile,
};

/** Where the official CLI of the SDK's version is, or would be after `downloadCli`. */
export function downloadRoot(cache: string): string {
  return join(cache, "pulumi", `official-${pinnedVersions().sdk}`);
}

/** Whether Pulumi's download host serves the CLI of the SDK's version to this machine, found out within 3 s. */
export function isDownloadable(): Promise<boolean> {
  return isServed(cliAddress(pulumiHost));
}

/** Whether it serves a provider plugin. */
export function isProviderDownloadable(provider: string, version: string): Promise<boolean> {
  return isServed(providerAddress(pulumiHost, provider, version));
}

/**
 * Downloads the official CLI into the cache. Its archive is unpacked here and not by Pulumi's installer, which is a program off the
 * network itself.
 *
 * @returns the folder of its executables
 * @throws when it can't be had, or isn't what others were given
 */
export async function downloadCli(progress: Progress, cache: string, host = pulumiHost): Promise<string> {
  const root = downloadRoot(cache);
  const bin = join(root, "bin");
  await progress.task(`Pulumi CLI ${pinnedVersions().sdk}`, async (update) => {
    update("downloading");
    await withLock(`${root}.lock`, async () => {
      if (existsSync(join(bin, "pulumi"))) return;
      mkdirSync(root, { recursive: true });
      const fresh = mkdtempSync(join(root, ".new-"));
      try {
        const archive = join(fresh, "archive.tar.gz");
        await download(progress, cliAddress(host), archive, AbortSignal.timeout(DOWNLOAD_MS), host.firstSeen);
        await execa("tar", ["-xzf", archive, "-C", fresh], { stdin: "ignore" });
        rmSync(bin, { recursive: true, force: true });
        renameSync(join(fresh, "pulumi"), bin);
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    });
    update("downloaded");
  });
  return bin;
}

/**
 * Downloads a provider plugin and lets the CLI put it where it keeps all its plugins.
 *
 * @param provider as in its name: `docker`, `aws`
 * @throws when it can't be had, or isn't what others were given
 */
export async function downloadProvider(
  progress: Progress,
  cli: string,
  provider: string,
  version: string,
  host = pulumiHost,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hotspare-plugin-"));
  try {
    const archive = join(folder, "archive.tar.gz");
    const address = providerAddress(host, provider, version);
    await download(progress, address, archive, AbortSignal.timeout(DOWNLOAD_MS), host.firstSeen);
    const args = ["plugin", "install", "resource", provider, `v${version}`, "--file", archive];
    await execa(cli, args, { stdin: "ignore" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const system = process.platform === "darwin" ? "darwin" : "linux";

function cliAddress({ releases }: DownloadHost): string {
  return `${releases}/sdk/pulumi-v${pinnedVersions().sdk}-${system}-${process.arch}.tar.gz`;
}

function providerAddress({ releases }: DownloadHost, provider: string, version: string): string {
  const cpu = process.arch === "arm64" ? "arm64" : "amd64";
  return `${releases}/plugins/pulumi-resource-${provider}-v${version}-${system}-${cpu}.tar.gz`;
}

async function isServed(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}
