import type { ClusterSpec, PlatformKind, StackInput } from "../../components/model/spec.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { BalancerControl } from "../../components/platform/planned/balancer-control.ts";
import type { ImageBuild } from "../../infra/images.ts";
import type { Drill } from "../drill/drill.ts";
import type { FaultKind } from "../drill/faults/spec.ts";
import type { SessionArgs, SessionResult } from "../drill/session.ts";
import type { Changes } from "../engine/stack.ts";
import type { StackState, StateResource } from "../engine/state.ts";
import type { LiveSource } from "../live/source.ts";
import type { Check } from "../toolchain/check.ts";
import type { Progress } from "../toolchain/progress.ts";
import type { ImagePackages } from "./image-packages.ts";
import type { PlatformTasks, PlatformVolumes } from "./inside.ts";
import type { Controls, Pins } from "./told.ts";

/*
 * What a platform owes the commands. The verbs hold each command's flow once and name no platform; what differs between platforms
 * is asked of this. A platform that has nothing for a command throws a UserError (exit code `usage`) with what does instead.
 */

/** One platform, as the commands see it. Its module loads in no time: whatever is slow to load is loaded by its methods. */
export interface CommandPlatform {
  readonly kind: PlatformKind;
  /** Where its stacks stand, for sentences: `on AWS`. */
  readonly place: string;
  /** Whether resources of this type in a state are made by this platform's provider. */
  readonly owns: (type: string) => boolean;
  /**
   * What a new stack says of this platform when a person has said nothing but its kind; the rest are defaults. Left out where nobody begins.
   */
  readonly starter?: StackInput["platform"];
  /**
   * Whether something outside of the state bears a stack's labels, and belongs to this platform. For stacks that neither a file nor a state
   * knows any more. Left out where nothing can be found so.
   *
   * @throws UserError when the platform can't be asked
   */
  readonly hasLabelled?: (ownership: StackOwnership) => Promise<boolean>;
  /**
   * Gets the engine ready for stacks of this platform: Pulumi, the provider, and what the provider needs, e.g. the images.
   * Reviews that ask the engine, and going back, need no more.
   *
   * @param spec the stack whose own images are wanted too; null for the kit's alone
   */
  readonly readyEngine: (progress: Progress, spec: ClusterSpec | null) => Promise<void>;
  /** Versions of what only its stacks need of the engine, by name: a plan that was reviewed with others isn't the same plan. */
  readonly tools: () => Readonly<Record<string, string>>;
  /** Begins an `up`. Looks at what needs no tool, so that its refusals come at once. @throws UserError */
  readonly up: (work: StackWork) => Promise<PlatformUp>;
  /** Begins a `down`: whether the platform answers at all, before a tool is got ready. @throws UserError */
  readonly down: (work: DownWork) => Promise<PlatformDown>;
  /** What runs, beside what is planned. @throws UserError */
  readonly status: (stack: string) => Promise<StatusReport>;
  /** The same as `status`, `events` and `logs` tell, for the page of `live`. Left out where it isn't shown yet. @throws UserError */
  readonly live?: (stack: string) => Promise<LiveSource>;
  /**
   * The balancers that run, by key, to be told what a person says of nodes; empty where nothing runs. Left out where an engine of the
   * platform chooses who serves. @throws UserError
   */
  readonly balancers?: (stack: string) => Promise<ReadonlyMap<string, BalancerControl>>;
  /** What holds an application's data and outlives its machines. Left out where there is nothing of the kit's. @throws UserError */
  readonly volumes?: (stack: string) => Promise<PlatformVolumes>;
  /** Runs programs on machines and beside them. Left out where a person reaches machines by other means. @throws UserError */
  readonly tasks?: (stack: string) => Promise<PlatformTasks>;
  /** Prints what machines wrote. @param machines keys; empty for all @throws UserError */
  readonly logs: (stack: string, machines: readonly string[], options: FeedOptions) => Promise<void>;
  /** Prints what was seen and done by itself, between two `up`s. @throws UserError */
  readonly events: (stack: string, options: FeedOptions) => Promise<void>;
  /** Kinds of faults that drills can make on its clusters; none where there are no drills. */
  readonly faults: ReadonlySet<FaultKind>;
  /** Gets ready what drills need; a drill that this platform can't run tells so itself. @throws UserError where there are none */
  readonly drills: (work: StackWork, drills: readonly Drill[]) => Promise<PlatformDrills>;
  /**
   * What clusters for a while need; left out where none can stand.
   *
   * @param place where one stands, whatever this process would reach by itself; null for one that is to be made
   */
  readonly ephemeral?: (place: EphemeralPlace | null) => Promise<EphemeralGround>;
  /** What whoever deploys must be allowed, by parts; left out where the platform knows no such rights. */
  readonly policies?: (plan: ClusterPlan) => Promise<Readonly<Record<string, unknown>>>;
  /** How a plan does by the best practices of whoever owns the platform; left out where nobody publishes any. */
  readonly controls?: (plan: ClusterPlan) => Promise<Controls>;
  /** What `doctor` looks at of this platform; changes nothing and asks nobody outside. */
  readonly checks: (env: NodeJS.ProcessEnv) => Promise<Check[]>;
  /**
   * What `doctor` looks at of one stack: what a person gave the kit to stand on, servers or an account. Changes nothing. Left out where nothing of it is there
   * before the kit. @throws UserError for a stack that can't be planned
   */
  readonly examine?: (stack: string) => Promise<Check[]>;
  /** The servers of a stack: what each is, and what it carries. Left out where people own none. @throws UserError */
  readonly inventory?: (stack: string) => Promise<Inventory>;
  /**
   * What a stack's machines start from and fetch from others, by id, version and digest. Left out where nothing of that kind is fetched.
   *
   * @param refresh records the newest, in a file that is committed
   * @throws UserError when something can't be had; what could is recorded
   */
  readonly pins?: (stack: string, progress: Progress, refresh: boolean) => Promise<Pins>;
  /** Makes the kit's own images, where its machines start from some. */
  readonly images?: (progress: Progress) => Promise<readonly ImageBuild[]>;
  /** Tells which packages such images have; of a platform that has `images`. */
  readonly packages?: (images: readonly ImageBuild[]) => Promise<readonly ImagePackages[]>;
  /** Tells the engine's provider, by the environment, where the platform is; for whoever calls Pulumi directly. */
  readonly pointProvider?: (env: NodeJS.ProcessEnv) => void;
}

/** Servers that people own. */
export interface Inventory {
  /** For `--json`; has a schema version. */
  readonly document: object;
  readonly picture: string;
  /** One sentence for each thing that is missing or wrong. */
  readonly findings: readonly string[];
}

/** Where a platform is reached, and which one it is there: the same address may lead to another one tomorrow. */
export interface EphemeralPlace {
  readonly address: string;
  readonly id: string;
  /** Leads commands there. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Clusters for a while: each is an owner of its own, so what bears that owner's labels is the cluster and nothing else. */
export interface EphemeralGround {
  /** Gets the platform itself ready. @throws UserError */
  readonly ready: (progress: Progress) => Promise<void>;
  /** Where it is. */
  readonly place: () => Promise<EphemeralPlace>;
  /** Whether this machine has room for such a cluster: its network, its ports and its names are free. */
  readonly hasRoom: (plan: ClusterPlan, stack: string) => Promise<boolean>;
  /** Removes everything that bears the owner's labels, whatever is still being made. @returns how many things */
  readonly remove: (ownership: StackOwnership) => Promise<number>;
  /** Stops every machine of it where it stands. */
  readonly pause: (ownership: StackOwnership) => Promise<void>;
  readonly resume: (ownership: StackOwnership) => Promise<void>;
  /** Every machine as it is now, by key. */
  readonly machines: (ownership: StackOwnership) => Promise<readonly EphemeralMachine[]>;
  /** Puts balancers that are not the kit's beside its own, before the same nodes, for the benchmark: the first is what all are compared with. They go with the cluster. */
  readonly rivals?: (ownership: StackOwnership) => Promise<readonly Rival[]>;
}

/** A balancer that is measured: the cluster's own, or one made by hand. */
export interface Rival {
  readonly name: string;
  readonly version: string;
  /** Where it answers, on port 80. */
  readonly address: string;
  /** Nanoseconds of a processor that it has taken so far. */
  readonly processor: () => Promise<number>;
}

/** What a test may do to one machine. */
export interface EphemeralMachine {
  readonly key: string;
  readonly role: string;
  readonly address: string;
  readonly running: boolean;
  /** The platform's own words, with an exit code. */
  readonly state: string;
  /** Ends its programs at once, as a loss of power does. */
  readonly kill: () => Promise<void>;
  /** Asks its programs to end. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Its programs stand still, and its connections stay open: what a hung machine does. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  /** The newest lines that it wrote. */
  readonly logs: (lines: number) => Promise<string>;
  /** Runs a program on it. */
  readonly exec: (command: readonly string[]) => Promise<ProgramResult>;
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whose things are meant. */
export interface StackOwnership {
  readonly owner: string;
  readonly stack: string;
}

/** A command's work on one stack. */
export interface StackWork {
  readonly stack: string;
  readonly progress: Progress;
}

/** A `down`'s work. */
export interface DownWork extends StackWork {
  /** Whether volumes go as well that hold an application's data, where the platform has any. */
  readonly volumes: boolean;
}

/** One `up`, step by step. Each step may use what the ones before it have learned. */
export interface PlatformUp {
  /** What the stack comes to. */
  readonly plan: ClusterPlan;
  /** Gets tools ready. @throws UserError */
  readonly ready: () => Promise<void>;
  /**
   * Right before the engine starts, alone on the stack: looks for what would stop it half-way, and removes what an earlier run has left.
   * Left out for a saved plan: nothing but what was reviewed is done then.
   *
   * @param state what the backend knows of the stack
   * @throws UserError
   */
  readonly beforeEngine: (state: StackState) => Promise<void>;
  /**
   * A digest of all that stands, which any difference changes that a comparison with the state would find; null where the state knows of
   * more. Left out where the platform can't tell: the engine then compares each time.
   */
  readonly standing?: (resources: readonly StateResource[]) => Promise<string | null>;
  /** The engine has failed: what the platform itself says of it, a sentence each. Left out where the engine's words are all there is. */
  readonly whyFailed?: () => Promise<readonly string[]>;
  /** Waits until the cluster serves as planned. @throws UserError when it doesn't */
  readonly settle: () => Promise<StatusReport>;
  /** Verbs to go on with. */
  readonly next: readonly string[];
}

/** One `down`, step by step. */
export interface PlatformDown {
  /** Gets tools ready, where Pulumi alone doesn't do. */
  readonly ready: () => Promise<void>;
  /**
   * Alone on the stack, before the engine destroys: holds off who would make again what goes, and lifts what would stop the engine.
   *
   * @param resources what the state knows; null where the backend knows no such stack
   * @returns whether anything was removed by it
   * @throws UserError where nothing can be removed without a state
   */
  readonly beforeDestroy: (resources: readonly StateResource[] | null) => Promise<boolean>;
  /** From the moment on when the engine has the stack's lock and begins, until it ends: tells what takes its time, or helps along. */
  readonly whileDestroying?: (signal: AbortSignal) => Promise<void>;
  /**
   * The engine has given up. Removes by other means what it could not, where the platform's things can be found without it.
   * Left out where they can't: the state is then all that knows of them.
   *
   * @returns those of the state's resources that are still there afterwards, or can't be told of
   */
  readonly removeByForce?: (resources: readonly StateResource[]) => Promise<readonly StateResource[]>;
  /** Afterwards: what the state didn't know. @returns what to tell @throws UserError when nothing at all was there */
  readonly finish: (outcome: DownOutcome) => Promise<DownReport>;
}

export interface DownOutcome {
  /** What the engine did; null where it did nothing, or gave up. */
  readonly changes: Changes | null;
  /** Whether anything was removed until here. */
  readonly removed: boolean;
}

export interface DownReport {
  /** For `--json`. */
  readonly document: unknown;
  readonly sentence: string;
  /** What is left and can't be removed from here; the command then fails with it. */
  readonly left: string | null;
}

/** What runs, in a form that every platform has. */
export interface StatusReport {
  /** What `--json` prints; has a schema version. */
  readonly document: object;
  /** `ok` all as planned; `degraded` serving, but not as planned; `down` nothing serves; `absent` nothing is there. */
  readonly state: "ok" | "degraded" | "down" | "absent";
  /** One sentence for each thing that isn't as planned. */
  readonly findings: readonly string[];
  /** Those of the findings that pass by themselves and say nothing against an `up`. */
  readonly passing: readonly string[];
  /** What is under way, and who acts: no reason to worry. */
  readonly underWay: readonly string[];
  /** Tables, then a picture of who stands in front of whom. */
  readonly picture: string;
  /** Where it answers and where it is watched. */
  readonly urls: string;
}

/** Options of `logs` and `events`. */
export interface FeedOptions {
  readonly json: boolean;
  readonly follow: boolean;
  /** Lines of each machine. */
  readonly tail: number;
}

/** Drills on one cluster that is known to be whole. */
export interface PlatformDrills {
  readonly run: (args: Pick<SessionArgs, "drills" | "rate" | "signal">) => Promise<SessionResult>;
}
