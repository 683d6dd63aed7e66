import type { AlgorithmSpec } from "../model/algorithms.ts";
import type { NodeRole } from "../model/node-keys.ts";
import type { Warning } from "../model/problem.ts";
import type {
  ClusterSpec,
  HealthSpec,
  PoolSpec,
  RateLimitSpec,
  SecretReference,
  StickySpec,
  WardenSpec,
} from "../model/spec.ts";
import type { AccessoryPlan, TaskPlan, WorkerPlan } from "./beside.ts";
import type { ContainerOptions, FileContent } from "./container-options.ts";
import type { GroupPlan } from "./groups/types.ts";
import type { MachinePlan } from "./machine-plan.ts";
import type { PlatformPlan } from "./platforms/types.ts";
import type { RolloutPlan } from "./rollout.ts";
import type { TierPlan } from "./tiers/types.ts";

export type { AccessoryPlan, TaskPlan, WorkerPlan } from "./beside.ts";
export type { GroupPlan } from "./groups/types.ts";
export type { MachinePlan } from "./machine-plan.ts";

/** Version of the plan document. A reader refuses what it doesn't know; bump it when a field changes its meaning. */
export const planSchema = "hotspare.plan/2";

/** What the planner has to know that the stack doesn't say. Given by the caller, so that planning stays pure. */
export interface PlanContext {
  /** Whose cluster this is: unique per state backend and project; in every label and part of every name. */
  readonly owner: string;
  /** Image references by name: `balancer`, `node`, `warden`, `filter`, and `pool:<name>` for pools that build their own. */
  readonly images: Readonly<Record<string, string>>;
  /**
   * Fingerprints of the values of named secrets, so that a node whose secret gets another value is replaced like any other
   * change; never the values. A secret left out counts as one that never changes.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Files of the project that containers get, by path. */
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Variables in the project's environment files, by the file's path. */
  readonly environments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Hashes of the programs of machines that groups keep; left out they count as ones that never change. */
  readonly programs?: Readonly<Record<GroupPrograms, string>>;
  /** What machines that groups keep start from and fetch, by id and digest; left out they are the newest of the day. */
  readonly pins?: MachinePins;
  /**
   * The newest generation of each node that exists now, by key. Left out, or without a node: it is planned as the first.
   * Observed and not remembered, so that a plan fits what really is there.
   */
  readonly running?: Readonly<Record<string, RunningNode>>;
  /**
   * On which server each machine stands now, by key, for platforms whose servers the stack lists: what stands stays. Left out, or
   * without a machine: the plan chooses.
   */
  readonly placed?: Readonly<Record<string, string>>;
  /** Whether the cluster goes back to a release that has served: its programs have run. */
  readonly goingBack?: boolean;
}

/** As the lock file beside the stacks has it. */
export interface MachinePins {
  /** Programs that machines fetch from their maker, by name; null where nothing is recorded. */
  readonly agents: Readonly<Record<"session" | "cloudwatch", PinnedAgent | null>>;
  /** Ids of images by the image's name, then by region. */
  readonly images: Readonly<Record<string, Readonly<Record<string, PinnedImage>>>>;
}

export interface PinnedAgent {
  readonly version: string;
  /** Digests of its packages, hex. */
  readonly sha256: { readonly x86_64: string; readonly arm64: string };
}

export interface PinnedImage {
  readonly x86_64: string;
  readonly arm64: string;
  /** UTC day on which it was the newest. */
  readonly on: string;
}

/** Which programs a machine of a group has: a balancer's, those of any node, or with them the sample that the kit brings. */
export type GroupPrograms = "balancer" | "node" | "sample";

/** What the labels of a node that exists tell. */
export interface RunningNode {
  readonly generation: number;
  /** Null for who only wants to see what is there: the node is then planned as it runs, whatever the stack says. */
  readonly fingerprint: string | null;
  /** Generations of which something exists, this one included: their names and addresses are taken. */
  readonly existing: readonly number[];
}

/** A cluster, planned: plain data, complete, the same for the same input. */
export interface ClusterPlan {
  readonly schema: typeof planSchema;
  /** Its id: part of every name and label. */
  readonly cluster: string;
  /** What people call it; nothing but words is made of it. */
  readonly shownAs: string;
  readonly owner: string;
  readonly environment: ClusterSpec["environment"];
  /** Where it runs, with what only that platform knows. */
  readonly platform: PlatformPlan;
  readonly protect: boolean;
  readonly network: NetworkPlan;
  readonly tier: TierPlan;
  readonly balancers: readonly BalancerPlan[];
  /** What is in front of the balancers and forwards to all of them; left out where one of them has the virtual address. */
  readonly directors?: DirectorsPlan;
  readonly pools: readonly PoolPlan[];
  readonly nodes: readonly NodePlan[];
  /**
   * Machines that an engine of the platform keeps: the balancers' group, then those of the pools. Where there are some, the plan
   * lists no single machine; where there are none, it lists all.
   */
  readonly groups: readonly GroupPlan[];
  readonly routes: readonly RoutePlan[];
  /** Pace of a change of nodes, in milliseconds. */
  readonly rollout: RolloutPlan;
  /** How the cluster is reached from the host that runs it; null where the platform has no such host. */
  readonly door: DoorPlan | null;
  /** One beside each balancer, in the balancers' order; none where the stack or the platform wants none. */
  readonly wardens: readonly WardenPlan[];
  /** Stands between the wardens and the platform's switch; null where there are no wardens. */
  readonly filter: FilterPlan | null;
  /** Single containers with data beside the pools; left out where there are none. */
  readonly accessories?: readonly AccessoryPlan[];
  /** Programs without clients; left out where there are none. */
  readonly workers?: readonly WorkerPlan[];
  /** Programs that run once for each release of a pool; left out where there are none. */
  readonly tasks?: readonly TaskPlan[];
  readonly warnings: readonly Warning[];
}

export interface NetworkPlan {
  readonly name: string;
  /** CIDR. */
  readonly subnet: string;
  readonly gateway: string;
  /** Shared by the balancers; one of them holds it. Null where a balancer of the platform is in front, known by a name. */
  readonly virtualAddress: string | null;
  /** Program that whoever gets the address runs, where ARP alone doesn't move it; left out else. */
  readonly mover?: string;
  /** CIDR that the platform may give out by itself; overlaps with nothing planned. */
  readonly dynamicRange: string;
}

export interface BalancerPlan extends MachinePlan {
  readonly role: "balancer";
  /** VRRP priority, 1–254; the highest live one takes the virtual address. */
  readonly priority: number;
}

/** Directors in front of balancers. One of them has the virtual address, and all balancers take packets for it. */
export interface DirectorsPlan {
  readonly tier: TierPlan;
  readonly machines: readonly DirectorPlan[];
  /** The address by which the balancers agree on the one whose warden switches machines; no client uses it. */
  readonly leaderAddress: string;
  /** Where the balancers say that they answer. */
  readonly health: { readonly port: number; readonly path: string };
}

export interface DirectorPlan extends Omit<BalancerPlan, "role"> {
  readonly role: "director";
}

export type { NodeRole } from "../model/node-keys.ts";

export interface NodePlan extends MachinePlan, ContainerOptions {
  readonly role: NodeRole;
  readonly pool: string;
  /** How often the node has been replaced; decides its name and its address. */
  readonly generation: number;
  /** Hash of all that a change of which replaces the node. */
  readonly fingerprint: string;
  readonly port: number;
  readonly weight: number;
  readonly environment: Readonly<Record<string, string | SecretReference>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  /** Whether it can write nowhere but to memory. */
  readonly readOnly: boolean;
}

export interface PoolPlan {
  /** Its id: keys, labels, upstreams and members go by it. */
  readonly name: string;
  /** What people call it; nothing but words is made of it. */
  readonly shownAs: string;
  readonly algorithm: AlgorithmSpec;
  readonly health: HealthSpec;
  readonly protocol: PoolSpec["protocol"];
  /** TLS to the nodes; null for in clear. */
  readonly tls: PoolSpec["tls"];
  /** How sessions stay at their node; null where they don't. */
  readonly sticky: StickyPlan | null;
  /** How long a balancer keeps an idle connection to a node. */
  readonly keepAlive: number;
  /** Most retries for each request of the last 10 s. */
  readonly retryBudget: number;
}

/** The cookie of sticky sessions, with its name filled in. */
export type StickyPlan = Omit<StickySpec, "cookie"> & { readonly cookie: string };

/** A route with its limits resolved. Sorted by path, longest first. */
export interface RoutePlan {
  readonly path: string;
  /** A name or `*.` and the end of one; null for all hosts. */
  readonly host: string | null;
  readonly pool: string;
  readonly idempotent: boolean;
  readonly connectTimeout: number;
  /** Longest silence of a node; learned from the route's own times, below `readTimeout`. */
  readonly patience: "learned" | number;
  readonly readTimeout: number;
  readonly retryFor: number;
  readonly tries: number;
  readonly bodyLimit: number;
  readonly rateLimit: RateLimitSpec | null;
  readonly streaming: boolean;
}

/** The door: a small container with a port on 127.0.0.1 of the Docker host, so that one URL works everywhere. */
export interface DoorPlan extends MachinePlan {
  readonly role: "door";
  readonly httpPort: number;
  readonly tlsPort: number | null;
  /** Ports for a tier that forwards connections as they come; left out where it reads HTTP. */
  readonly services?: readonly DoorService[];
}

/** A service of the virtual address, as the host reaches it on 127.0.0.1. */
export interface DoorService {
  readonly protocol: "tcp" | "udp";
  /** Of the virtual address, and in the door's container. */
  readonly port: number;
  /** On the host. */
  readonly hostPort: number;
}

/** A warden. Its timers are in milliseconds. */
export interface WardenPlan extends MachinePlan {
  readonly role: "warden";
  /** Key of the balancer that it watches. */
  readonly balancer: string;
  readonly timers: Omit<WardenSpec, "enabled" | "openToNodes">;
  /** Pools of which a lost node has to be switched off before a standby takes its place; left out where there are none. */
  readonly fence?: readonly string[];
  /** Networks (CIDR) of those who may ask it for metrics. */
  readonly answers: readonly string[];
}

/** The socket filter. It has no network: who may talk to it shares a volume with it. */
export interface FilterPlan extends Omit<MachinePlan, "address"> {
  readonly role: "filter";
}

/** One file of a machine, as rendered. */
export interface RenderedFile {
  /** Where it ends up on the machine, relative to the machine's configuration folder, e.g. `nginx.conf`. */
  readonly path: string;
  /** Octal, e.g. `0644`. */
  readonly mode: string;
  /** Text, or the name of the secret that is the whole content. */
  readonly content: string | SecretReference;
}

export interface RenderedMachine {
  /** The machine's key. */
  readonly machine: string;
  /** Sorted by path. */
  readonly files: readonly RenderedFile[];
}
