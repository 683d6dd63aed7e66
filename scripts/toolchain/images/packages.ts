import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract } from "tar-stream";

/*
 * Which packages of a distribution an image has. Debian's are pinned by the signature of their suite and not by version, since
 * mirrors drop old ones: so what a build got is written down.
 */

/** Versions by the package's name. */
export type Packages = ReadonlyMap<string, string>;

/** Label of each image that the kit builds: the digest of `packageList`. */
export const packagesDigestLabel = "hotspare.packages.digest";

/** Where each image that the kit builds has `packageList`. */
export const packagesFile = "/usr/share/hotspare/packages.txt";

/** Where package managers write down what is installed: dpkg, dpkg in images without it, apk. */
const databases = ["/var/lib/dpkg/status", "/var/lib/dpkg/status.d", "/lib/apk/db/installed"];

/** A line for each package, sorted: its name, a space, its version. */
export function packageList(packages: Packages): string {
  const lines = [...packages].map(([name, version]) => `${name} ${version}\n`);
  return lines.sort().join("");
}

/** Equal for images with the same packages. */
export function packagesDigest(packages: Packages): string {
  return `sha256:${createHash("sha256").update(packageList(packages)).digest("hex")}`;
}

/** Reads what is installed in an image, also in one that the kit didn't build. Nothing of it is run. */
export async function packagesOf(docker: Docker, image: string): Promise<Packages> {
  // An engine wants a command also for what never starts.
  const labels = { "hotspare.image": "looked-into" };
  const container = await docker.createContainer({ Image: image, Cmd: ["none"], Labels: labels });
  try {
    const found = await Promise.all(databases.map((path) => filesAt(container, path)));
    return parsePackages(found.flat().join("\n\n"));
  } finally {
    await container.remove({ force: true });
  }
}

/** By a database of dpkg or apk: paragraphs with a field a line. */
export function parsePackages(database: string): Packages {
  const packages = new Map<string, string>();
  for (const paragraph of database.split(/\n{2,}/)) {
    const name = /^(?:Package: |P:)(.+)$/m.exec(paragraph)?.[1];
    const version = /^(?:Version: |V:)(.+)$/m.exec(paragraph)?.[1];
    const gone = /^Status: (?!.* installed$)/m.test(paragraph);
    if (name !== undefined && version !== undefined && !gone) packages.set(name, version);
  }
  return packages;
}

/** What came, went or changed, a line each. */
export function packageChanges(before: Packages, after: Packages): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    if (old === undefined) return [`${name} ${now} (new)`];
    return now === undefined ? [`${name} ${old} (gone)`] : [`${name} ${old} -> ${now}`];
  });
}

/** Texts of a file, or of all in a folder; none where there is nothing. */
async function filesAt(container: Docker.Container, path: string): Promise<string[]> {
  const archive = await container.getArchive({ path }).catch((error: { statusCode?: number }) => {
    if (error.statusCode === 404) return null;
    throw error;
  });
  if (archive === null) return [];
  const texts: string[] = [];
  for await (const entry of (archive as Readable).pipe(extract())) {
    const content = await text(entry);
    if (entry.header.type === "file" && !entry.header.name.endsWith(".md5sums")) texts.push(content);
  }
  return texts;
}
