import { own } from "../../components/model/own.ts";
import { poolShown } from "../../components/plan/shown.ts";
import type { ClusterPlan, NodePlan } from "../../components/plan/types.ts";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import type { BalancerStatus, IpvsStatus, MemberStatus } from "./balancer-status.ts";

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
  readonly pools: readonly PoolStatus[];
  /** The table of each director that answers, by key; left out where balancers read requests. */
  readonly ipvs?: Readonly<Record<string, IpvsStatus>>;
  readonly machines: readonly MachineStatus[];
}

export interface PoolStatus {
  /** What people call it. */
  readonly name: string;
  /** What the keys of its nodes begin with. */
  readonly id: string;
  /** Paths that lead to it. */
  readonly routes: readonly string[];
  /** How its balancers choose among its nodes. */
  readonly algorithm: string;
}

export interface MachineStatus {
  readonly key: string;
  /** Name of its pool; null for who is in none. */
  readonly pool: string | null;
  readonly role: "active" | "hot" | "cold" | "balancer" | "door" | "warden" | "filter";
  readonly name: string;
  /** Empty for who has no network. */
  readonly address: string;
  /** The platform's word, or `absent`. */
  readonly state: string;
  readonly running: boolean;
  /** What the balancers' checks say; null when nobody checks it. */
  readonly healthy: boolean | null;
  /** A standby that the warden lets serve. */
  readonly promoted: boolean;
  /** What a person has said of a node: `cordoned` gets no new requests while others can serve, `drained` none at all. */
  readonly said: "cordoned" | "drained" | null;
  /** Whether it gets requests now. Nodes only. */
  readonly inRotation: boolean | null;
  readonly weight: number | null;
  readonly holdsVirtualAddress: boolean | null;
}

/** What the platform knows of one machine. */
export interface MachineState {
  /** The platform's word, e.g. `running`, `exited`. */
  readonly state: string;
  readonly running: boolean;
}

/** What was seen of a cluster, by the machines' keys. */
export interface SeenCluster {
  /** Machines that aren't there are missing. */
  readonly machines: ReadonlyMap<string, MachineState>;
  /** What each planned balancer says; null for one that doesn't answer. In the plan's order. */
  readonly balancers: ReadonlyMap<string, BalancerStatus | null>;
  /** What balancers have in another form than planned, by key; see `differences`. */
  readonly strayed?: ReadonlyMap<string, readonly string[]>;
}

/** What was seen, beside what was planned; of a platform where the plan lists each machine. */
export function statusOf(stack: string, plan: ClusterPlan, seen: SeenCluster): ClusterStatus {
  const asked = [...seen.balancers];
  const holder = asked.find(([, status]) => status?.holdsVirtualAddress === true)?.[0] ?? null;
  const reporter =
    seen.balancers.get(holder ?? "") ?? asked.find(([, status]) => status !== null)?.[1] ?? null;
  const machines = [
    ...plan.balancers.map((balancer) => balancerRow(balancer, seen, holder)),
    ...plan.nodes.map((node) => ({
      ...nodeRow(node, seen, reporter),
      pool: poolShown(plan, node.pool),
    })),
    ...(plan.door === null ? [] : [machineRow(plan.door, seen)]),
    ...plan.wardens.map((warden) => machineRow(warden, seen)),
    ...(plan.filter === null ? [] : [machineRow({ ...plan.filter, address: "" }, seen)]),
  ];
  const lease = reporter?.lease ?? null;
  // Whoever changes the cluster lets old and new members serve side by side for a while.
  const strayed = lease === null ? (seen.strayed ?? []) : [];
  const findings = [...findingsOf(machines, holder), ...strayedFrom(strayed)];
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
    operator: reporter?.operator ?? null,
    pools: poolsOf(plan),
    ...ipvsOf(asked),
    machines,
  };
}

function ipvsOf(asked: readonly (readonly [string, BalancerStatus | null])[]): Pick<ClusterStatus, "ipvs"> {
  const tables = asked.flatMap(([key, status]): [string, IpvsStatus][] =>
    status?.ipvs === undefined ? [] : [[key, status.ipvs]],
  );
  return tables.length === 0 ? {} : { ipvs: Object.fromEntries(tables) };
}

/** Each pool with what leads to it. */
export function poolsOf({ pools, routes }: ClusterPlan): PoolStatus[] {
  return pools.map(({ name, shownAs, algorithm }) => ({
    name: shownAs,
    id: name,
    routes: routes.filter(({ pool }) => pool === name).map(({ path }) => path),
    algorithm: algorithm.kind,
  }));
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
    healthy: null,
    promoted: false,
    said: null,
    inRotation: null,
    weight: null,
    holdsVirtualAddress: null,
  };
}

function balancerRow(
  balancer: ClusterPlan["balancers"][number],
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

function nodeRow(node: NodePlan, seen: SeenCluster, reporter: BalancerStatus | null): MachineStatus {
  const member: MemberStatus | undefined = own(reporter?.pools ?? {}, node.pool)?.members.find(
    ({ key }) => key === node.key,
  );
  return {
    ...machineRow(node, seen),
    healthy: member?.healthy ?? null,
    promoted: node.role !== "active" && member?.role === "active",
    said: member?.drained === true ? "drained" : member?.out === true ? "cordoned" : null,
    inRotation: member?.inRotation ?? null,
    weight: member?.weight ?? node.weight,
  };
}

function findingsOf(machines: readonly MachineStatus[], holder: string | null): string[] {
  const findings = machines.flatMap((machine) => {
    if (machine.state === "absent") return [`${machine.key} is not there`];
    if (machine.role !== "cold" && !machine.running)
      return [`${machine.key} does not run (${machine.state})`];
    if (machine.role !== "cold" && machine.healthy === false)
      return [`${machine.key} runs but does not answer its checks`];
    if (["active", "hot"].includes(machine.role) && machine.healthy === null)
      return [`${machine.key} has not answered its checks yet`];
    return [];
  });
  return holder === null ? [...findings, "no balancer holds the virtual address"] : findings;
}

function strayedFrom(strayed: Iterable<readonly [string, readonly string[]]>): string[] {
  return [...strayed].flatMap(([key, what]) =>
    what.map((difference) => `${key}: ${difference}; \`up\` delivers it again`),
  );
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
