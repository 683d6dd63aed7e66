import { own } from "../../components/model/own.ts";
import { poolShown } from "../../components/plan/shown.ts";
import type { BalancerPlan, ClusterPlan, DirectorPlan, NodePlan } from "../../components/plan/types.ts";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import type { BalancerStatus, IpvsStatus, MaintenanceStatus, MemberStatus } from "./balancer-status.ts";
import { findingsOf, strayedFrom } from "./findings.ts";
import { type Asked, ipvsOf, tablesDiffer } from "./ipvs.ts";
import type { MachineStatus } from "./machine-status.ts";
import { maintenanceDiffers, maintenanceOf } from "./maintenance.ts";
import { type PoolStatus, poolsOf } from "./pools.ts";

export type { MachineStatus } from "./machine-status.ts";

/** Version of the document that `status --json` prints. */
export const statusSchema = "hotspare.status/1";

export interface ClusterStatus {
  readonly schema: typeof statusSchema;
  readonly stack: string;
  /** Its id. */
  readonly cluster: string;
  /** What people call it. */
  readonly name: string;
  readonly owner: string;
  /** `ok` all as planned; `degraded` serving, but not as planned; `down` nothing serves; `absent` nothing is there. */
  readonly state: "ok" | "degraded" | "down" | "absent";
  /** One sentence for each thing that isn't as planned. */
  readonly findings: readonly string[];
  readonly url: string | null;
  readonly virtualAddress: { readonly address: string; readonly holder: string | null };
  /** Who changes the cluster just now, by the balancer that holds the address; wardens stand back meanwhile. */
  readonly lease: { readonly holder: string; readonly secondsLeft: number } | null;
  /** What the warden has laid over the members that `up` wrote; null when no balancer tells. */
  readonly overlay: { readonly revision: number; readonly by: string } | null;
  /** Who has last cordoned, drained or restored a node; null when no balancer tells. */
  readonly operator: { readonly revision: number; readonly by: string } | null;
  /** Left out unless a person has clients kept out: they are answered 503 by the balancers. */
  readonly maintenance?: MaintenanceStatus;
  readonly pools: readonly PoolStatus[];
  /** The table of each director that answers, by key; left out where balancers read requests. */
  readonly ipvs?: Readonly<Record<string, IpvsStatus>>;
  readonly machines: readonly MachineStatus[];
}

/** What the platform knows of one machine. */
export interface MachineState {
  /** The platform's word, e.g. `running`, `exited`. */
  readonly state: string;
  readonly running: boolean;
  readonly exitCode?: number | null;
  readonly restarts?: number | null;
  /** What its own check says, where the platform asks one; null until it has said something. */
  readonly passes?: boolean | null;
  /** Milliseconds since its start, where it runs. */
  readonly age?: number | null;
}

/** What was seen of a cluster, by the machines' keys. */
export interface SeenCluster {
  /** Machines that aren't there are missing. */
  readonly machines: ReadonlyMap<string, MachineState>;
  /** What each planned balancer says; null for one that doesn't answer. In the plan's order. */
  readonly balancers: ReadonlyMap<string, BalancerStatus | null>;
  /** The same of what is in front of them; left out where nothing is. */
  readonly directors?: ReadonlyMap<string, BalancerStatus | null>;
  /** What balancers have in another form than planned, by key; see `differences`. */
  readonly strayed?: ReadonlyMap<string, readonly string[]>;
}

/** What was seen, beside what was planned; of a platform where the plan lists each machine. */
export function statusOf(stack: string, plan: ClusterPlan, seen: SeenCluster): ClusterStatus {
  const asked = [...seen.balancers];
  const leader = holderOf(asked);
  const reporter =
    seen.balancers.get(leader ?? "") ?? asked.find(([, status]) => status !== null)?.[1] ?? null;
  const fronts = [...(seen.directors ?? [])];
  const holder = plan.directors === undefined ? leader : holderOf(fronts);
  const machines = [
    ...(plan.directors?.machines ?? []).map((director) =>
      balancerRow(director, { ...seen, balancers: new Map(fronts) }, holder),
    ),
    ...plan.balancers.map((balancer) => balancerRow(balancer, seen, leader)),
    ...plan.nodes.map((node) => ({
      ...nodeRow(plan, node, seen, reporter),
      pool: poolShown(plan, node.pool),
    })),
    ...(plan.accessories ?? []).map((accessory) => machineRow({ ...accessory, address: "" }, seen)),
    ...(plan.workers ?? []).map((worker) => ({
      ...machineRow({ ...worker, address: "" }, seen),
      healthy: seen.machines.get(worker.key)?.passes ?? null,
    })),
    ...(plan.door === null ? [] : [machineRow(plan.door, seen)]),
    ...plan.wardens.map((warden) => machineRow(warden, seen)),
    ...(plan.filter === null ? [] : [machineRow({ ...plan.filter, address: "" }, seen)]),
  ];
  const lease = reporter?.lease ?? null;
  // Whoever changes the cluster lets old and new members serve side by side for a while.
  const strayed = lease === null ? (seen.strayed ?? []) : [];
  const said = lease === null ? maintenanceDiffers(asked) : [];
  const { ipvs } = ipvsOf([...fronts, ...asked]);
  const findings = [
    ...findingsOf(machines, holder),
    ...strayedFrom(strayed),
    ...(lease === null ? tablesDiffer(ipvs ?? {}) : []),
    ...said,
  ];
  return {
    schema: statusSchema,
    stack,
    cluster: plan.cluster,
    name: plan.shownAs,
    owner: plan.owner,
    state: stateOf(machines, holder, findings),
    findings,
    url: plan.door === null ? null : `http://127.0.0.1:${plan.door.httpPort}`,
    virtualAddress: { address: virtualAddressOf(plan), holder },
    lease,
    overlay: reporter?.overlay ?? null,
    operator: operatorOf(reporter),
    ...maintenanceOf(asked),
    pools: poolsOf(plan, seen.balancers.values()),
    ...(ipvs === undefined ? {} : { ipvs }),
    machines,
  };
}

const holderOf = (asked: Asked): string | null =>
  asked.find(([, status]) => status?.holdsVirtualAddress === true)?.[0] ?? null;

function operatorOf(reporter: BalancerStatus | null): ClusterStatus["operator"] {
  const { operator } = reporter ?? {};
  return operator === undefined ? null : { revision: operator.revision, by: operator.by };
}

function machineRow(
  machine: {
    readonly key: string;
    readonly role: MachineStatus["role"];
    readonly name: string;
    readonly address: string;
  },
  seen: SeenCluster,
): MachineStatus {
  const found = seen.machines.get(machine.key);
  return {
    key: machine.key,
    pool: null,
    role: machine.role,
    name: machine.name,
    address: machine.address,
    state: found?.state ?? "absent",
    running: found?.running ?? false,
    exitCode: found?.exitCode ?? null,
    restarts: found?.restarts ?? null,
    startingFor: null,
    healthy: null,
    promoted: false,
    said: null,
    inRotation: null,
    weight: null,
    holdsVirtualAddress: null,
  };
}

function balancerRow(
  balancer: BalancerPlan | DirectorPlan,
  seen: SeenCluster,
  holder: string | null,
): MachineStatus {
  const answers = (seen.balancers.get(balancer.key) ?? null) !== null;
  return {
    ...machineRow(balancer, seen),
    healthy: answers,
    holdsVirtualAddress: holder === balancer.key,
  };
}

/** How long a node has been starting; null for one that doesn't run, is healthy, or has had its time. */
function startingFor(
  { pools }: ClusterPlan,
  { key, pool }: NodePlan,
  healthy: boolean | null,
  seen: SeenCluster,
): number | null {
  const { running = false, age = null } = seen.machines.get(key) ?? {};
  const startup = pools.find(({ name }) => name === pool)?.health.startup ?? 0;
  return running && healthy !== true && age !== null && age < startup ? age : null;
}

function nodeRow(
  plan: ClusterPlan,
  node: NodePlan,
  seen: SeenCluster,
  reporter: BalancerStatus | null,
): MachineStatus {
  const member: MemberStatus | undefined = own(reporter?.pools ?? {}, node.pool)?.members.find(
    ({ key }) => key === node.key,
  );
  return {
    ...machineRow(node, seen),
    healthy: member?.healthy ?? null,
    startingFor: node.role === "cold" ? null : startingFor(plan, node, member?.healthy ?? null, seen),
    promoted: node.role !== "active" && member?.role === "active",
    said: member?.drained === true ? "drained" : member?.out === true ? "cordoned" : null,
    inRotation: member?.inRotation ?? null,
    weight: member?.weight ?? node.weight,
  };
}

function stateOf(
  machines: readonly MachineStatus[],
  holder: string | null,
  findings: readonly string[],
): ClusterStatus["state"] {
  if (machines.every(({ state }) => state === "absent")) return "absent";
  if (holder === null || !machines.some(({ inRotation }) => inRotation === true)) return "down";
  return findings.length === 0 ? "ok" : "degraded";
}
