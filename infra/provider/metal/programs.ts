import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Programs } from "../../../components/platform/metal/types.ts";
import { sampleProgram } from "../../../components/render/machine/node-service.ts";
import {
  balancerLibrary,
  luaFolder,
  switchProgram,
  wardenProgram,
} from "../../../components/render/paths.ts";
import type { ArchiveFile } from "../../archive.ts";
import { bundledProgram } from "../../bundled-program.ts";

const runtime = join(import.meta.dirname, "../../runtime");

/** What a container's image has and a server has no use for: Docker's health check, and the door. */
const containersOnly = ["hotspare-entry", "hotspare-health"];

/** Programs of a machine, by where they go. */
const of: Readonly<Record<Programs, () => ArchiveFile[]>> = {
  balancer: () => [
    ...filesIn("balancer/bin", "/usr/bin", 0o755).filter(
      ({ name }) => !containersOnly.some((program) => name.endsWith(`/${program}`)),
    ),
    ...filesIn("balancer/lib", balancerLibrary.slice(0, balancerLibrary.lastIndexOf("/")), 0o644),
    ...filesIn("balancer/lua", luaFolder, 0o644),
  ],
  sample: () => [onServer(sampleProgram, readFileSync(join(runtime, "node/server.mjs")), 0o644)],
  warden: () => [onServer(wardenProgram, bundledProgram("warden"), 0o644)],
  "switching-warden": () => [
    onServer(wardenProgram, bundledProgram("warden"), 0o644),
    onServer(switchProgram, bundledProgram("switch"), 0o644),
  ],
  none: () => [],
};

/** The programs of this checkout. */
export const programsOf = (kind: Programs): ArchiveFile[] => of[kind]();

/** A file of the server, in what is sent to it. */
export function onServer(path: string, content: string | Buffer, mode: number): ArchiveFile {
  return { name: `files${path}`, mode, content };
}

function filesIn(from: string, to: string, mode: number): ArchiveFile[] {
  const folder = join(runtime, from);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return onServer(`${to}/${relative(folder, path).replaceAll(sep, "/")}`, readFileSync(path), mode);
    });
}
