import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ClusterPlan, GroupPlan } from "../../../components/plan/types.ts";
import { awsPlanOf, type Bootstrap, type Bundle } from "../../../components/platform/aws/parts.ts";
import { balancerLibrary, followerProgram } from "../../../components/render/aws/balancer.ts";
import { renderMachine } from "../../../components/render/aws/group.ts";
import { renderUserData } from "../../../components/render/aws/user-data.ts";
import { sampleProgram } from "../../../components/render/machine/node-units.ts";
import { luaFolder } from "../../../components/render/paths.ts";
import { type ArchiveFile, tarGz } from "../../archive.ts";
import { folders } from "../../folders.mjs";
import { followerProgram as buildFollower } from "./follower-program.ts";

const runtime = join(import.meta.dirname, "../../runtime");

/** What machines on AWS start from: rendered files, and the programs that run on them. */
export const bootstrap: Bootstrap = {
  bundle: (plan, group) => stored(tarGz([...machine(plan, group), ...programs(group)])),
  userData: (plan, group, place) =>
    renderUserData(
      `${group.key} of cluster ${plan.cluster}`,
      awsPlanOf(plan).region,
      place,
      group.fingerprint,
    ),
};

/** As a file of the cache, under its hash. */
function stored(content: Buffer): Bundle {
  const sha256 = createHash("sha256").update(content).digest("hex");
  const folder = join(folders().cache, "bundles");
  const file = join(folder, `${sha256}.tar.gz`);
  if (existsSync(file)) return { file, sha256 };
  mkdirSync(folder, { recursive: true });
  // At once or not at all, whoever else makes the same.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, content);
  renameSync(fresh, file);
  return { file, sha256 };
}

function machine(plan: ClusterPlan, group: GroupPlan): ArchiveFile[] {
  const { packages, masked, units, files } = renderMachine(plan, group);
  const list = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return [
    { name: "install", mode: 0o755, content: readFileSync(join(runtime, "machine", "install")) },
    { name: "packages", mode: 0o644, content: list(packages) },
    { name: "masked", mode: 0o644, content: list(masked) },
    { name: "units", mode: 0o644, content: list(units) },
    ...Object.entries(files).map(([path, content]) => onMachine(path, content)),
    ...filesIn(join(runtime, "machine", "bin"), "/usr/bin", 0o755),
  ];
}

/** What only machines of this kind run. */
function programs({ service }: GroupPlan): ArchiveFile[] {
  if (service.kind === "balancer")
    return [
      ...filesIn(join(runtime, "balancer", "lua"), luaFolder, 0o644),
      onMachine(balancerLibrary, readFileSync(join(runtime, "balancer", "lib", "common.sh"))),
      onMachine(followerProgram, buildFollower()),
    ];
  return service.image.kind === "sample"
    ? [onMachine(sampleProgram, readFileSync(join(runtime, "node", "server.mjs")))]
    : [];
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

function onMachine(path: string, content: string | Buffer, mode = 0o644): ArchiveFile {
  return { name: `files${path}`, mode, content };
}
