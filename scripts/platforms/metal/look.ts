import { metalPlanOf } from "../../../components/plan/platforms/metal/part.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { runOn } from "../../../components/platform/metal/ssh.ts";
import { sshTransport } from "../../../components/platform/metal/transport.ts";
import { BalancerControl } from "../../../components/platform/planned/balancer-control.ts";
import { nodeUnit } from "../../../components/render/machine/node-service.ts";
import { balancerUnit } from "../../../components/render/metal/balancer.ts";
import { wardenUnit } from "../../../components/render/metal/warden.ts";
import type { Controller } from "../../../infra/power/types.ts";
import { type BalancerStatus, readBalancerStatus } from "../../status/balancer-status.ts";
import { type ClusterStatus, type MachineState, statusOf } from "../../status/cluster-status.ts";
import { strayedBalancers } from "../../status/delivered.ts";
import { askController, controllersFor } from "./controllers.ts";
import { whySilent } from "./why-silent.ts";

/** Milliseconds that a server may take to say what runs on it. */
const patience = 5_000;

/** What was seen of a cluster, and why some servers said nothing. */
export interface Seen {
  readonly status: ClusterStatus;
  readonly silent: readonly string[];
}

/**
 * What runs on the servers of a stack, beside what is planned.
 *
 * @param compares whether members and files of balancers are held against the plan; not where the plan may be older than they are
 */
export async function clusterStatus(stack: string, plan: ClusterPlan, compares = true): Promise<Seen> {
  const { servers } = metalPlanOf(plan);
  // Who has no account for them sees by SSH what can be seen by it.
  const { controllers, without } = await controllersFor(stack, servers).then(
    (found) => ({ controllers: found, without: "" }),
    (error: Error) => ({ controllers: new Map<string, Controller>(), without: `; ${error.message}` }),
  );
  const silent: string[] = [];
  const looks = await Promise.all(
    Object.entries(servers).map(async ([name, server]): Promise<[string, MachineState][]> => {
      const { machines } = server;
      const all = (state: string) =>
        machines.map((key): [string, MachineState] => [key, { state, running: false }]);
      const controller = controllers.get(name);
      // One that is off would take SSH's whole patience to say nothing.
      if (
        controller !== undefined &&
        isStandbyServer(plan, machines) &&
        (await powerOf(controller)) === "off"
      )
        return all("off");
      try {
        return await statesOn({ ...server.ssh, name }, machines);
      } catch (error) {
        const { state, why } = await whySilent(controller, (error as Error).message);
        // A warden has sent it home since its controller was asked.
        if (isStandbyServer(plan, machines) && (state === "off" || state === "turning-off"))
          return all(state);
        silent.push(`${why}${without}`);
        return all(state);
      }
    }),
  );
  const machines = new Map(looks.flat());
  const balancers = await Promise.all(
    plan.balancers.map(async ({ key }): Promise<[string, BalancerStatus | null]> => {
      return [key, machines.get(key)?.running === true ? await balancerStatus(plan, key) : null];
    }),
  );
  const answering = new Map(balancers.flatMap(([key, status]) => (status === null ? [] : [[key, key]])));
  const strayed = compares ? await strayedBalancers(sshTransport(plan), plan, answering) : new Map();
  const status = statusOf(stack, plan, { machines, balancers: new Map(balancers), strayed });
  return { status: { ...status, url: urlOf(plan) }, silent };
}

/** Whether a server carries a cold standby, and so nothing else. */
export const isStandbyServer = ({ nodes }: ClusterPlan, machines: readonly string[]) =>
  nodes.some(({ key, role }) => role === "cold" && machines.includes(key));

/** Null where its controller doesn't tell. */
const powerOf = (controller: Controller) =>
  askController(controller, patience, (power, signal) => power.status(signal)).then(
    ({ power }) => power,
    () => null,
  );

/** Unit of a machine, by its key; no pool may be called as the others are. */
export function unitOf(key: string): string {
  if (key.startsWith("lb-")) return balancerUnit;
  return key.startsWith("warden-") ? wardenUnit : nodeUnit;
}

/** The address that clients use. */
export function urlOf({ network, tier }: ClusterPlan): string {
  return `http://${network.virtualAddress}${tier.httpPort === 80 ? "" : `:${tier.httpPort}`}`;
}

async function statesOn(
  target: Parameters<typeof runOn>[0],
  machines: readonly string[],
): Promise<[string, MachineState][]> {
  const units = machines.map(unitOf);
  const ask = `systemctl show --value --property=LoadState --property=ActiveState ${units.join(" ")}`;
  const { stdout } = await runOn(target, ask, { timeout: patience });
  const words = stdout.split("\n").filter((line) => line !== "");
  return machines.flatMap((key, index): [string, MachineState][] => {
    const [load, active = "unknown"] = words.slice(2 * index, 2 * index + 2);
    // Nothing of it was ever delivered.
    if (load !== "loaded") return [];
    return [[key, { state: active === "active" ? "running" : active, running: active === "active" }]];
  });
}

/** Null when it doesn't answer. */
async function balancerStatus(plan: ClusterPlan, key: string): Promise<BalancerStatus | null> {
  try {
    return readBalancerStatus(await new BalancerControl(sshTransport(plan), key).status(2));
  } catch {
    return null;
  }
}
