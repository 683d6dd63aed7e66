import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type Docker from "dockerode";
import { parseSubnet, type Subnet, subnetSize } from "../../../components/model/ip.ts";
import { labelPrefix } from "../../../components/plan/labels.ts";
import type { ClusterPlan, DoorPlan, DoorService } from "../../../components/plan/types.ts";
import { UserError } from "../../exit.ts";
import { listContainers } from "./view.ts";

/**
 * Looks for what would make Docker refuse half-way: a subnet that another network has, a port that somebody listens on.
 *
 * @throws UserError that names who has it and how to choose another.
 */
export async function checkHost(docker: Docker, plan: ClusterPlan, stack: string): Promise<void> {
  const problems = [...(await subnetProblems(docker, plan)), ...(await portProblems(docker, plan, stack))];
  if (problems.length > 0) throw new UserError(problems.join("\n"));
}

async function subnetProblems(docker: Docker, plan: ClusterPlan): Promise<string[]> {
  const wanted = parseSubnet(plan.network.subnet);
  const networks = await docker.listNetworks();
  return networks.flatMap((network) => {
    const ours = network.Name === plan.network.name && network.Labels?.[`${labelPrefix}owner`] === plan.owner;
    if (ours || wanted === null) return [];
    return (network.IPAM?.Config ?? [])
      .filter(({ Subnet: taken }) => overlaps(wanted, parseSubnet(taken ?? "")))
      .map(
        ({ Subnet: taken }) =>
          `network.subnet: ${plan.network.subnet} overlaps ${taken} of the Docker network "${network.Name}"; set network.subnet in the stack to a free one, e.g. "10.99.0.0/22"`,
      );
  });
}

function overlaps(a: Subnet, b: Subnet | null): boolean {
  return b !== null && a.base < b.base + subnetSize(b) && b.base < a.base + subnetSize(a);
}

async function portProblems(docker: Docker, plan: ClusterPlan, stack: string): Promise<string[]> {
  const { door } = plan;
  if (door === null) return [];
  const views = await listContainers(docker, { owner: plan.owner, stack });
  const doorRuns = views.some(({ key, state }) => key === door.key && state === "running");
  if (doorRuns) return [];
  const checked = await Promise.all(
    doorPorts(door).map(async (port) => ((await isTaken(port)) ? port : null)),
  );
  return checked
    .filter((taken) => taken !== null)
    .map(
      ({ path, protocol, hostPort }) =>
        `${path}: port ${hostPort}${protocol === "udp" ? " (UDP)" : ""} on 127.0.0.1 is taken by another program; set ${path} in the stack to a free one`,
    );
}

interface DoorPort extends Pick<DoorService, "protocol" | "hostPort"> {
  /** Where the stack sets it. */
  readonly path: string;
}

function doorPorts({ httpPort, tlsPort, services }: DoorPlan): DoorPort[] {
  if (services !== undefined)
    return services.map(({ protocol, hostPort }, index) => ({
      path: `balancer.services[${index}].door`,
      protocol,
      hostPort,
    }));
  const http = { path: "balancer.door.http", protocol: "tcp", hostPort: httpPort } as const;
  const tls = { path: "balancer.door.tls", protocol: "tcp" } as const;
  return [http, ...(tlsPort === null ? [] : [{ ...tls, hostPort: tlsPort }])];
}

const host = "127.0.0.1";

function isTaken({ protocol, hostPort }: DoorPort): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE");
    if (protocol === "udp") {
      const socket = createSocket("udp4").once("error", end);
      socket.bind(hostPort, host, () => socket.close(() => resolve(false)));
    } else {
      const server = createServer().once("error", end);
      server.listen(hostPort, host, () => server.close(() => resolve(false)));
    }
  });
}
