import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { GroupPrograms } from "../../../components/plan/types.ts";
import { sampleProgram } from "../../../components/render/machine/node-service.ts";
import {
  balancerLibrary,
  followerProgram,
  luaFolder,
  withoutArguments,
} from "../../../components/render/paths.ts";
import type { ArchiveFile } from "../../archive.ts";
import { followerProgram as buildFollower } from "./follower-program.ts";

/*
 * What machines of groups run beside the rendered files. The plan has a hash of the very files that a bundle has, so that none
 * can change without a review's word.
 */

const runtime = join(import.meta.dirname, "../../runtime");

/** Hashes of the programs as they are now; a change of one replaces the machines, as that of an image does elsewhere. */
export function currentPrograms(): Record<GroupPrograms, string> {
  const hash = (kind: GroupPrograms) => hashOf(programFiles(kind));
  return { balancer: hash("balancer"), node: hash("node"), sample: hash("sample") };
}

/** The programs of a machine, as they are in its bundle. */
export function programFiles(kind: GroupPrograms): ArchiveFile[] {
  return [
    { name: "install", mode: 0o755, content: readFileSync(join(runtime, "machine", "install")) },
    ...filesIn(join(runtime, "machine", "bin"), "/usr/bin", 0o755),
    ...ofKind[kind](),
  ];
}

/** What only machines of this kind run. */
const ofKind: Readonly<Record<GroupPrograms, () => ArchiveFile[]>> = {
  balancer: () => [
    ...filesIn(join(runtime, "balancer", "lua"), luaFolder, 0o644),
    onMachine(balancerLibrary, readFileSync(join(runtime, "balancer", "lib", "common.sh"))),
    onMachine(withoutArguments, readFileSync(join(runtime, "balancer", "lib", "without-arguments.sed"))),
    onMachine(followerProgram, buildFollower()),
  ],
  node: () => [],
  sample: () => [onMachine(sampleProgram, readFileSync(join(runtime, "node", "server.mjs")))],
};

/** A file of the machine, in its bundle. */
export function onMachine(path: string, content: string | Buffer, mode = 0o644): ArchiveFile {
  return { name: `files${path}`, mode, content };
}

/** All files of a folder of this repository, by the folder on the machine. */
function filesIn(from: string, to: string, mode: number): ArchiveFile[] {
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return onMachine(`${to}/${relative(from, path).replaceAll(sep, "/")}`, readFileSync(path), mode);
    });
}

/** Hash of programs, by name, mode and content. */
export function hashOf(files: readonly ArchiveFile[]): string {
  const hash = createHash("sha256");
  for (const { name, mode, content } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${name}\0${mode}\0${Buffer.byteLength(content)}\0`).update(content);
  return hash.digest("hex").slice(0, 12);
}
