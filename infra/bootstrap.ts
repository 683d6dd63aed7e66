import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeService } from "../components/plan/group-types.ts";
import type { ClusterPlan, GroupPlan } from "../components/plan/types.ts";
import { awsPlanOf, type Bootstrap } from "../components/platform/aws/parts.ts";
import { renderNode } from "../components/render/cloud-init/node.ts";
import { sampleProgram } from "../components/render/cloud-init/units.ts";
import { renderUserData } from "../components/render/cloud-init/user-data.ts";
import { type ArchiveFile, tarGz } from "./archive.ts";

const runtime = join(import.meta.dirname, "runtime");
const programs = join(runtime, "machine", "bin");

/**
 * What machines on AWS start from: rendered files, and the programs that all machines have.
 *
 * The balancers' isn't whole: what follows the members of the groups is missing, so a balancer would have nobody to send
 * requests to. Until then a stack is refused before anything of it is made.
 */
export const bootstrap: Bootstrap = {
  bundle: (plan, group) => tarGz(nodeFiles(plan, group, nodeService(group))),
  userData: (plan, group, place) => {
    nodeService(group);
    return renderUserData(`${group.key} of cluster ${plan.cluster}`, awsPlanOf(plan).region, place);
  },
};

function nodeService({ key, service }: GroupPlan): NodeService {
  if (service.kind === "node") return service;
  throw new Error(
    `${key}: balancers on AWS can't be started yet, since nothing on them would follow the groups' members; use platform { kind: "docker" }`,
  );
}

function nodeFiles(plan: ClusterPlan, group: GroupPlan, service: NodeService): ArchiveFile[] {
  const { packages, units, files } = renderNode(plan, group, service);
  const list = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return [
    { name: "install", mode: 0o755, content: readFileSync(join(runtime, "machine", "install")) },
    { name: "packages", mode: 0o644, content: list(packages) },
    { name: "units", mode: 0o644, content: list(units) },
    ...Object.entries(files).map(([path, content]) => ({ name: `files${path}`, mode: 0o644, content })),
    ...readdirSync(programs).map((name) => ({
      name: `files/usr/bin/${name}`,
      mode: 0o755,
      content: readFileSync(join(programs, name)),
    })),
    ...(service.image.kind === "sample"
      ? [
          {
            name: `files${sampleProgram}`,
            mode: 0o644,
            content: readFileSync(join(runtime, "node", "server.mjs")),
          },
        ]
      : []),
  ];
}
