import type { DripOrder, KeepOrder, Order } from "../../infra/runtime/load/protocol.ts";
import type { ClusterStatus } from "../status/cluster-status.ts";

/*
 * What drills need of the platform that their cluster stands on. They name none: scripts/platforms/<kind> has what fits it.
 */

/** Faults of whole machines, which only their platform can make. The others are made from inside, by commands and by `up`. */
export type MachineFaultKind = "kill" | "freeze" | "stop" | "disconnect" | "cut";

/** One fault of some machines. */
export interface MachineFault {
  strike(): Promise<void>;
  /** Undoes it. Safe before, during and after `strike`, and when called twice. */
  heal(): Promise<void>;
}

/** A program that runs in a machine for as long as we keep its input open. */
export interface Running {
  /** Closes its input, which ends it. */
  stop(): void;
  readonly ended: Promise<void>;
  /** What it wrote to its error output. */
  complaints(): string;
}

/** A machine in the cluster's network from which the load comes. */
export interface LoadMachine {
  /** Starts the generator (infra/runtime/load). */
  run(order: Order, onLine: (line: string) => void): Promise<Running>;
  /** Starts slow clients (the same folder). */
  drip(order: DripOrder, onLine: (line: string) => void): Promise<Running>;
  /** Starts clients that stay (the same folder). */
  keep(order: KeepOrder, onLine: (line: string) => void): Promise<Running>;
  remove(): Promise<void>;
}

/** What takes the processor away. */
export interface Burning {
  remove(): Promise<void>;
}

/** Follows what a pool's nodes write, those that are replaced meanwhile too. */
export interface NodeLogs {
  start(): Promise<void>;
  /** Reads what is left and ends. */
  stop(): Promise<void>;
}

/** One cluster, as a drill touches it. Machines go by their keys, and are looked up again each time: an `up` may have replaced some. */
export interface DrillPlatform {
  /** What runs the machines, with its version, for the report. */
  readonly engine: string;
  /** The balancers' network card in the cluster's network. */
  readonly card: string;
  /** Those that it offers; which, its commands say in `faults`. */
  readonly faults: Readonly<Partial<Record<MachineFaultKind, (keys: readonly string[]) => MachineFault>>>;
  status(): Promise<ClusterStatus>;
  /** Runs a command in a machine, to its output. @throws Error when it fails */
  exec(key: string, ...command: string[]): Promise<string>;
  /** Starts a program in a machine and reads its output line by line. It ends when we do. */
  run(key: string, command: readonly string[], onLine: (line: string) => void): Promise<Running>;
  /** SIGKILL to a balancer's own processes of a name. @param inside the command that runs others where they are */
  killProgram(key: string, program: string, inside: readonly string[]): Promise<void>;
  /** Puts files, by name, into `/var/lib/hotspare` of a running balancer. */
  put(key: string, files: ReadonlyMap<string, string>): Promise<void>;
  /** All that a machine wrote since a moment, in milliseconds. */
  readLog(key: string, since: number, onLine: (line: string) => void): Promise<void>;
  /** @param pool whose nodes @param onLine told of lines at least once: a line may come again */
  nodeLogs(pool: string, onLine: (node: string, line: string) => void): NodeLogs;
  /** @param name of the machine, beside others of the cluster; each has an address of its own */
  load(name?: string): Promise<LoadMachine>;
  /** Makes so many machines that do nothing but compute, at normal priority. They end when we do. */
  burn(loops: number): Promise<Burning>;
}
