import { createServer } from "node:net";
import type Docker from "dockerode";
import { parseSubnet, type Subnet, subnetSize } from "../../../components/model/ip.ts";
import { labelPrefix } from "../../../components/plan/labels.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
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
  const ports = [
    ["balancer.door.http", door.httpPort],
    ["balancer.door.tls", door.tlsPort],
  ] as const;
  const checked = await Promise.all(
    ports.map(async ([path, port]) => (port !== null && (await isTaken(port)) ? { path, port } : null)),
  );
  return checked
    .filter((taken) => taken !== null)
    .map(
      ({ path, port }) =>
        `${path}: port ${port} on 127.0.0.1 is taken by another program; set ${path} in the stack to a free one`,
    );
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}
