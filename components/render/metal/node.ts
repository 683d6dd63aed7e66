import { own } from "../../model/own.ts";
import { isSecret } from "../../model/secret.ts";
import { metalPlanOf } from "../../plan/platforms/metal/part.ts";
import type { ClusterPlan, NodePlan } from "../../plan/types.ts";
import { type MachineFiles, machineFiles } from "../machine/files.ts";
import { nodePart } from "../machine/node-service.ts";

/** In which the values of secrets are; root's alone, and made at delivery. */
export const secretEnvironment = "/etc/hotspare/node-secrets.env";

/** All that makes a server a node, but for programs and secrets. The same for the same plan. */
export function renderNode(plan: ClusterPlan, node: NodePlan): MachineFiles {
  const image = own(metalPlanOf(plan).images, node.pool);
  const pool = plan.pools.find(({ name }) => name === node.pool);
  if (image === undefined || pool === undefined) throw new Error(`${node.key}: its pool isn't in the plan`);
  const plain = Object.entries(node.environment).filter(
    (entry): entry is [string, string] => !isSecret(entry[1]),
  );
  const service = {
    kind: "node" as const,
    // One that is built here has been sent by its name before.
    image: image.kind === "build" ? { kind: "reference" as const, reference: node.image } : image,
    ...(image.kind === "build" ? { sent: true as const } : {}),
    ...(image.kind === "service" && node.command !== undefined ? { command: node.command } : {}),
    port: node.port,
    health: pool.health,
    environment: node.environment,
    stopGrace: node.stopGrace,
    readOnly: node.readOnly,
  };
  const part = nodePart(service, Object.fromEntries(plain), {
    needed: [],
    // It may not be there: a node without secrets.
    environment: [`-${secretEnvironment}`],
    bounds: { memory: node.memory, cpus: node.cpus },
  });
  return machineFiles(
    {
      ...part,
      // A balancer of the same server has the folder of sockets.
      folders: [],
    },
    { packages: [], masked: [], units: [], files: {}, folders: [], logs: { appended: [], reopened: null } },
    "-node",
  );
}
