import type { CronTimes } from "../model/cron.ts";
import type { AccessorySpec, SecretReference, WorkerSpec } from "../model/spec.ts";
import type { ContainerOptions } from "./container-options.ts";
import type { MachinePlan } from "./machine-plan.ts";

/*
 * What stands or runs beside the pools: none of it is asked by clients.
 */

/** One container with data beside the pools. It has no generation: another one takes its place after it has gone. */
export interface AccessoryPlan extends Omit<MachinePlan, "address">, ContainerOptions {
  readonly role: "accessory";
  readonly environment: Readonly<Record<string, string | SecretReference>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  /** How it is seen that it can be used, and milliseconds that it may take; null where its start is all. */
  readonly ready: AccessorySpec["ready"];
  readonly backup: AccessorySpec["backup"];
  readonly restoration: AccessorySpec["restoration"];
}

/** A program without clients. It has no generation: another one takes its place after it has gone. */
export interface WorkerPlan extends Omit<MachinePlan, "address">, ContainerOptions {
  readonly role: WorkerSpec["kind"];
  /** Its name in the stack; those of one name stand in for each other. */
  readonly of: string;
  /** Whether it runs from the beginning; else a warden starts it. */
  readonly starts: boolean;
  readonly environment: Readonly<Record<string, string | SecretReference>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  /** How it is seen that it works, in milliseconds; null where that it runs is all. */
  readonly health: Extract<WorkerSpec, { kind: "worker" }>["health"];
  /** Where it runs at times: the cron line, its zone, how many milliseconds late it may start, and what the line stands for. */
  readonly schedule?: {
    readonly line: string;
    readonly zone: string;
    readonly startWithin: number;
    readonly times: CronTimes;
  };
}

/** A program of a release, in a container of its own beside the nodes; `command` is its own. */
export interface TaskPlan extends Omit<MachinePlan, "address">, Omit<ContainerOptions, "command"> {
  readonly role: "task";
  readonly pool: string;
  /** The pool's name in the stack's file. */
  readonly shownAs: string;
  readonly command: readonly string[];
  /** Before any new node of the cluster is made, or when all new ones serve. */
  readonly when: "before" | "after";
  /** Hash of what makes the release another one: it runs once for each, and not when nodes are only added or sized. */
  readonly release: string;
  readonly environment: Readonly<Record<string, string | SecretReference>>;
  readonly readOnly: boolean;
  /** Milliseconds after which it is ended and has failed. */
  readonly timeout: number;
  /** Whether the release is only noted: it has run before, and the cluster goes back to it. */
  readonly noted: boolean;
}
