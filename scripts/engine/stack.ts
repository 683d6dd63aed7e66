import { hostname } from "node:os";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { exitCodes, UserError } from "../exit.ts";
import { alive } from "../toolchain/lock.mjs";
import type { Progress } from "../toolchain/progress.ts";
import { type Interrupt, type PulumiResult, pulumi } from "./command.ts";

/** What an operation did, counted by kind of step; steps of components are left out. */
export interface Changes {
  readonly counts: Readonly<Record<string, number>>;
  /** Whether anything but "same" happened. */
  readonly changed: boolean;
}

/** Makes the stack in the backend when it isn't there yet. */
export async function ensureStack(stack: string): Promise<void> {
  if (await stackExists(stack)) return;
  const made = await pulumi(["stack", "init", stack, "--no-select"]);
  if (made.exitCode !== 0) throw new UserError(`the stack "${stack}" could not be made: ${explain(made)}`);
}

export async function stackExists(stack: string): Promise<boolean> {
  const listed = await pulumi(["stack", "ls", "--json"]);
  if (listed.exitCode !== 0) throw new UserError(`the state backend could not be read: ${explain(listed)}`);
  const stacks = JSON.parse(listed.stdout || "[]") as { name: string }[];
  return stacks.some(({ name }) => name === stack || name.endsWith(`/${stack}`));
}

/** An engine operation that changes things: `up` or `destroy`. */
export interface Operation {
  readonly stack: string;
  readonly title: string;
  readonly args: readonly string[];
  readonly progress: Progress;
  readonly interrupt: Interrupt;
}

/**
 * Runs an operation and shows its steps. A lock that a dead process of this machine left behind is removed, once.
 *
 * @throws UserError with the engine's own diagnosis.
 */
export async function operate(operation: Operation): Promise<Changes> {
  const first = await attempt(operation);
  if (!staleLock(first.result.stderr + first.errors)) return finish(operation, first);
  operation.progress.note("An earlier run was killed and left its lock behind; removing it.");
  const cancelled = await pulumi(["cancel", "--yes", "--stack", operation.stack]);
  if (cancelled.exitCode !== 0) throw new UserError(`the lock could not be removed: ${explain(cancelled)}`);
  return finish(operation, await attempt(operation));
}

/** The engine warns that it found our own provider where we put it. */
const fromPath = /^using pulumi-\S+ from \$PATH/;

interface Attempt {
  result: PulumiResult;
  errors: string;
  counts: Record<string, number>;
}

async function attempt({ stack, title, args, progress, interrupt }: Operation): Promise<Attempt> {
  const counts: Record<string, number> = {};
  let errors = "";
  const result = await progress.task(title, async (update) =>
    pulumi([...args, "--yes", "--skip-preview", "--json", "--stack", stack], {
      interrupt,
      onEvent: (event: EngineEvent) => {
        const { diagnosticEvent: diagnostic, resourcePreEvent: before } = event;
        if (diagnostic?.severity === "error") errors += `${diagnostic.message.trim()}\n`;
        if (diagnostic?.severity === "warning" && !fromPath.test(diagnostic.message))
          progress.note(diagnostic.message.trim());
        if (before !== undefined) {
          const { op, urn, type } = before.metadata;
          if (!isComponent(type)) counts[op] = (counts[op] ?? 0) + 1;
          if (op !== "same" && op !== "refresh") update("", `${op} ${urn.split("::").at(-1)}`);
        }
      },
    }),
  );
  return { result, errors, counts };
}

/** Components and the stack itself are containers of what is really made. */
function isComponent(type: string): boolean {
  return type.startsWith("hotspare:") || type === "pulumi:pulumi:Stack";
}

function finish({ interrupt, stack }: Operation, { result, errors, counts }: Attempt): Changes {
  if (interrupt.pressed) {
    throw new UserError(
      `interrupted; the state is saved. \`npm run up -- ${stack}\` goes on from here, \`npm run down -- ${stack}\` removes what is there`,
      exitCodes.interrupted,
    );
  }
  if (result.exitCode !== 0) throw new UserError((errors.trim() || explain(result)).trim());
  return {
    counts,
    changed: Object.keys(counts).some((op) => op !== "same" && op !== "refresh" && op !== "read"),
  };
}

/**
 * Whether the engine refused because of locks that are all held by processes of this machine that no longer exist. A lock
 * of another machine may belong to somebody at work and is never touched.
 */
function staleLock(message: string): boolean {
  if (!message.includes("locked by")) return false;
  const holders = [...message.matchAll(/created by \S+@(\S+) \(pid (\d+)\)/g)];
  return holders.length > 0 && holders.every(([, host, pid]) => host === hostname() && !alive(Number(pid)));
}

/** The engine's own words, without its "error: " in front. */
export function explain(result: PulumiResult): string {
  const text =
    result.stderr.trim() || result.stdout.trim() || `pulumi ended with exit code ${result.exitCode}`;
  return text.replace(/^error: /gm, "");
}
