import type Docker from "dockerode";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { BalancerControl } from "../../../components/platform/planned/balancer-control.ts";
import { currentOwner } from "../../stacks.ts";
import { type BalancerStatus, readBalancerStatus } from "../../status/balancer-status.ts";
import { type ClusterStatus, type MachineState, statusOf } from "../../status/cluster-status.ts";
import { strayedBalancers } from "../../status/delivered.ts";
import { ipvsOf, tablesDiffer } from "../../status/ipvs.ts";
import { runningDocker } from "./connect.ts";
import { type ContainerView, listContainers, meantByKey } from "./view.ts";

/**
 * What runs on a Docker Engine, beside what was planned.
 *
 * @param compares whether members and files of balancers are held against the plan; not where the plan may be older than they are
 */
export async function clusterStatus(
  docker: Docker,
  stack: string,
  plan: ClusterPlan,
  compares = true,
): Promise<ClusterStatus> {
  const containers = meantByKey(await listContainers(docker, { owner: plan.owner, stack }));
  const ask = (keys: readonly { readonly key: string }[]) =>
    Promise.all(
      keys.map(async ({ key }): Promise<[string, BalancerStatus | null]> => {
        const view = containers.get(key);
        return [key, view?.state === "running" ? await balancerStatus(docker, view.id) : null];
      }),
    );
  const all = () => Promise.all([ask(plan.balancers), ask(plan.directors?.machines ?? [])]);
  let [balancers, directors] = await all();
  // Two see a change in the same second, and not at the same moment.
  if (tablesDiffer(ipvsOf([...balancers, ...directors]).ipvs ?? {}).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, settled));
    [balancers, directors] = await all();
  }
  const machines = new Map(
    await Promise.all(
      [...containers].map(
        async ([key, view]): Promise<[string, MachineState]> => [key, await machineState(docker, view)],
      ),
    ),
  );
  const running = new Map(
    [...directors, ...balancers].flatMap(([key, status]) =>
      status === null ? [] : [[key, containers.get(key)?.id ?? ""]],
    ),
  );
  const strayed = compares ? await strayedBalancers(dockerTransport(docker), plan, running) : new Map();
  return statusOf(stack, plan, {
    machines,
    balancers: new Map(balancers),
    directors: new Map(directors),
    strayed,
  });
}

/** Milliseconds in which all directors have heard of a change: their tables are looked at once a second. */
const settled = 1_500;

const nodeRoles: readonly string[] = ["active", "hot", "cold"];

/** What Docker knows of a container; of nodes also how often it was started again, and since when it runs. */
async function machineState(
  docker: Docker,
  { id, role, state, status }: ContainerView,
): Promise<MachineState> {
  const running = state === "running";
  const [, code] = /^(?:Exited|Restarting) \((\d+)\)/.exec(status) ?? [];
  const [, health] = /\((healthy|unhealthy)\)$/.exec(status) ?? [];
  const passes = running && health !== undefined ? health === "healthy" : null;
  const known = { state, running, exitCode: code === undefined ? null : Number(code), passes };
  if (!nodeRoles.includes(role)) return known;
  try {
    const { RestartCount: restarts, State } = await docker.getContainer(id).inspect();
    return { ...known, restarts, age: running ? Date.now() - Date.parse(State.StartedAt) : null };
  } catch {
    // It has gone meanwhile.
    return known;
  }
}

/** The balancers of a stack that run, by key. */
export async function runningControls(stack: string): Promise<ReadonlyMap<string, BalancerControl>> {
  const docker = await runningDocker();
  const views = await listContainers(docker, { owner: currentOwner(), stack });
  const running = views.filter(({ role, state }) => role === "balancer" && state === "running");
  return new Map(running.map(({ key, id }) => [key, new BalancerControl(dockerTransport(docker), id)]));
}

/** Seconds: who waits for a status would rather hear that one doesn't answer. */
const patience = 2;

/** Asks a running balancer on its own socket; null when it doesn't answer. */
async function balancerStatus(docker: Docker, containerId: string): Promise<BalancerStatus | null> {
  try {
    return readBalancerStatus(
      await new BalancerControl(dockerTransport(docker), containerId).status(patience),
    );
  } catch {
    return null;
  }
}
