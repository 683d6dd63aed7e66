import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../exit.ts";
import { pulumi } from "./command.ts";
import { explain, exportState } from "./stack.ts";
import { stateFile } from "./state-file.ts";

/** A resource as a state has it; fields that nobody here reads are left out. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Made by a provider, and no component. */
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What the backend knows of a stack. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** Whether the last run ended in the middle of something. */
  readonly interrupted: boolean;
}

interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

/** Null where the backend knows no stack of the name. @throws UserError when it can't be read */
export async function stackState(stack: string): Promise<StackState | null> {
  const exported = (await exportState(stack)) as { deployment?: Deployment } | null;
  if (exported === null) return null;
  const { deployment = {} } = exported;
  return {
    resources: deployment.resources ?? [],
    interrupted: (deployment.pending_operations ?? []).length > 0,
  };
}

/** Whether a resource stands for something outside of the state: no component, no provider, no note such as a Stash. */
export function isOutside({ type, custom }: StateResource): boolean {
  return custom === true && !type.startsWith("pulumi:");
}

/** What the cluster's component says of itself in the state; empty where there is none, e.g. after a `down`. */
export function clusterInputs(resources: readonly StateResource[]): {
  readonly platform?: unknown;
  readonly protect?: unknown;
  /** Id of the cluster. */
  readonly cluster?: unknown;
} {
  return resources.find(({ type }) => type === "hotspare:index:Cluster")?.inputs ?? {};
}

/** Keeps the whole state as a file in the person's state folder. @returns its path */
export async function keepState(stack: string, now = new Date()): Promise<string> {
  const file = stateFile("states", `${stack}-${now.toISOString().replaceAll(/[:.]/g, "-")}`, "json");
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(await exportState(stack), null, 1)}\n`, { mode: 0o600 });
  return file;
}

/**
 * Forgets the state of a stack; its settings stay. Only for a state whose resources are all gone: whatever it still holds would
 * live on, known to nobody.
 */
export async function forgetState(stack: string): Promise<void> {
  const removed = await pulumi(["stack", "rm", "--force", "--yes", "--preserve-config", stack]);
  if (removed.exitCode !== 0)
    throw new UserError(`the state of "${stack}" could not be emptied: ${explain(removed)}`);
}
