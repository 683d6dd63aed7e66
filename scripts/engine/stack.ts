import { access, constants } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { exitCodes, UserError } from "../exit.ts";
import { formatMessage, type Message, whoRuns } from "../history/message.ts";
import { alive } from "../toolchain/lock.mjs";
import type { Progress } from "../toolchain/progress.ts";
import { type Interrupt, type PulumiResult, pulumi } from "./command.ts";
import { engineFolder } from "./folder.ts";
import { StepTimes } from "./step-times.ts";

/** What an operation did, counted by kind of step; steps of components are left out. */
export interface Changes {
  readonly counts: Readonly<Record<string, number>>;
  /** Whether anything but "same" happened. */
  readonly changed: boolean;
}

/** Makes the stack in the backend, which has none of this name. @throws UserError before anything is made where its settings have no place */
export async function makeStack(stack: string): Promise<void> {
  const folder = join(engineFolder(), "stacks/config");
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new UserError(
        `${folder}: this user can't write there, and Pulumi keeps in it what belongs to a new stack; run \`./hotspare up ${stack}\` in a checkout of your own, or as the owner of this one`,
      );
  }
  const made = await pulumi(["stack", "init", stack, "--no-select"]);
  if (made.exitCode !== 0) throw new UserError(`the stack "${stack}" could not be made: ${explain(made)}`);
}

export async function stackExists(stack: string): Promise<boolean> {
  return (await stacksThere()).includes(stack);
}

/** Names of the stacks that the backend has of this project. @throws UserError when it can't be read */
export async function stacksThere(): Promise<string[]> {
  const listed = await pulumi(["stack", "ls", "--json"]);
  if (listed.exitCode !== 0) throw new UserError(`the state backend could not be read: ${explain(listed)}`);
  const stacks = JSON.parse(listed.stdout || "[]") as { name: string }[];
  // A shared backend puts its owner before.
  return stacks.map(({ name }) => name.slice(name.lastIndexOf("/") + 1));
}

/** Pulumi's exit code for a stack that there isn't. */
const noSuchStack = 6;

/** The state of a stack as the engine writes it out; null where there is no such stack. @throws UserError when it can't be read */
export async function exportState(stack: string): Promise<unknown> {
  const exported = await pulumi(["stack", "export", "--stack", stack]);
  if (exported.exitCode === noSuchStack) return null;
  if (exported.exitCode !== 0)
    throw new UserError(`the state of "${stack}" could not be read: ${explain(exported)}`);
  return JSON.parse(exported.stdout);
}

/** An engine operation that changes things: `up` or `destroy`. */
export interface Operation {
  readonly stack: string;
  readonly title: string;
  readonly args: readonly string[];
  readonly progress: Progress;
  readonly interrupt: Interrupt;
  /** What the history shall tell of it besides who did it; nothing by default. */
  readonly told?: Pick<Message, "summary" | "source"> | undefined;
  /** Called once, when the engine has the stack's lock and begins. */
  readonly begins?: (() => void) | undefined;
}

/**
 * Runs an operation and shows its steps. A lock that a dead process of this machine left behind is removed, once.
 *
 * @throws LockedError when somebody else is at work on the stack; UserError with the engine's own diagnosis.
 */
export async function operate(operation: Operation): Promise<Changes> {
  try {
    return await attempt(operation);
  } catch (error) {
    if (!(error instanceof LockedError) || !isStale(error.message)) throw error;
    operation.progress.note("An earlier run was killed and left its lock behind; removing it.");
    const cancelled = await pulumi(["cancel", "--yes", "--stack", operation.stack]);
    if (cancelled.exitCode !== 0) throw new UserError(`the lock could not be removed: ${explain(cancelled)}`);
    return attempt(operation);
  }
}

/** The backend holds a lock on the stack; the message names who made it. */
export class LockedError extends UserError {}

/** The engine warns that it found our own provider where we put it; that is no news to anybody. */
export function isToolNotice({ diagnosticEvent: told }: EngineEvent): boolean {
  return told?.severity === "warning" && /^using pulumi-\S+ from \$PATH/.test(told.message);
}

/** What the program tells of a roll-out while it is under way; null for events that are none of that. */
export function progressOf({
  diagnosticEvent: told,
}: EngineEvent): { phase: string; measure: string } | null {
  if (told?.severity !== "info" || told.ephemeral !== true) return null;
  const [phase = "", ...rest] = told.message.trim().split(": ");
  return { phase, measure: rest.join(": ") };
}

async function attempt(operation: Operation): Promise<Changes> {
  const { stack, title, args, progress, interrupt, told, begins } = operation;
  return progress.task(title, async (update) => {
    const counts: Record<string, number> = {};
    let errors = "";
    const steps = new StepTimes();
    let hasBegun = false;
    const onEvent = (event: EngineEvent) => {
      if (!hasBegun && event.preludeEvent !== undefined) {
        hasBegun = true;
        begins?.();
      }
      steps.see(event);
      const { diagnosticEvent: diagnostic, resourcePreEvent: before } = event;
      if (diagnostic?.severity === "error") errors += `${diagnostic.message.trim()}\n`;
      if (diagnostic?.severity === "warning" && !isToolNotice(event))
        progress.warn(diagnostic.message.trim());
      const news = progressOf(event);
      if (news !== null) update(news.phase, news.measure);
      if (before === undefined) return;
      const { op, urn, type } = before.metadata;
      if (!isComponent(type)) counts[op] = (counts[op] ?? 0) + 1;
      if (op !== "same" && op !== "refresh") update("", `${op} ${urn.split("::").at(-1)}`);
    };
    const message = formatMessage({ ...(told ?? { summary: [], source: null }), by: whoRuns() });
    const command = [...args, "--yes", "--skip-preview", "--json", "--stack", stack, "--message", message];
    const result = await pulumi(command, { interrupt, onEvent });
    if (interrupt.pressed) throw interrupted(stack);
    if (result.exitCode !== 0) throw failure(withoutEngine(errors.trim()) || explain(result));
    return { counts, changed: Object.keys(counts).some((op) => !["same", "refresh", "read"].includes(op)) };
  });
}

/** Components and the stack itself are containers of what is really made. */
function isComponent(type: string): boolean {
  return type.startsWith("hotspare:") || type === "pulumi:pulumi:Stack";
}

function interrupted(stack: string): UserError {
  return new UserError(
    `interrupted; the state is saved. \`./hotspare up ${stack}\` goes on from here, \`./hotspare down ${stack}\` removes what is there`,
    exitCodes.interrupted,
  );
}

/** Ways out of what commonly stops the engine in the middle; the engine only names the symptom. */
const waysOut: readonly (readonly [RegExp, string])[] = [
  [
    /no space left on device/i,
    "The disk is full. `docker system df` tells what takes the space; then run the same command again.",
  ],
  [
    /cannot connect to the docker daemon|connection refused|docker daemon is not running/i,
    "Docker has stopped. Start it and run the same command again: what is made stays, the rest follows.",
  ],
  [
    /AWS account ID not allowed/i,
    "These credentials are of another account than platform.account: choose others by AWS_PROFILE, or change platform.account. Nothing was changed.",
  ],
  [
    /No valid credential sources found|failed to refresh cached credentials|ExpiredToken|InvalidClientTokenId/i,
    "Sign in to AWS (`aws sso login`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) and run the same command again: what is made stays, the rest follows.",
  ],
  [
    /UnauthorizedOperation|AccessDenied|is not authorized to perform/i,
    "These credentials lack a right; docs/aws.md has the policy that a deployer needs. Then run the same command again: what is made stays, the rest follows.",
  ],
  [
    /(?<!Request)LimitExceeded|InsufficientInstanceCapacity/,
    "The account's quota or the zone's machines are used up: ask for more in Service Quotas, or choose other zones or another instance type. Then run the same command again.",
  ],
  [
    /incorrect passphrase/i,
    "The stack's settings file in stacks/config was made with another passphrase. Set PULUMI_CONFIG_PASSPHRASE to that one, or remove the file if it belongs to a stack of somebody else.",
  ],
];

/** What went wrong, without the engine's own words around it: which of its hooks it was, and that the update failed. */
export function withoutEngine(errors: string): string {
  const told = errors.replace(/^(before|after) hook "[^"]*" failed: /gm, "");
  return told.replace(/\n(update|destroy) failed$/, "");
}

/** The engine's words as an error for people, with the way out where one is known. */
export function failure(message: string): UserError {
  if (message.includes("locked by")) return new LockedError(message);
  const [, advice] = waysOut.find(([symptom]) => symptom.test(message)) ?? [];
  return new UserError(advice === undefined ? message : `${message}\n${advice}`);
}

/**
 * Whether the locks that the engine names are all held by processes of this machine that no longer exist. A lock of another
 * machine may belong to somebody at work and is never touched.
 */
export function isStale(message: string): boolean {
  const holders = [...message.matchAll(/created by \S+@(\S+) \(pid (\d+)\)/g)];
  return holders.length > 0 && holders.every(([, host, pid]) => host === hostname() && !alive(Number(pid)));
}

/** The engine's own words, without its "error: " in front. */
export function explain(result: PulumiResult): string {
  const text =
    result.stderr.trim() || result.stdout.trim() || `pulumi ended with exit code ${result.exitCode}`;
  return text.replace(/^error: /gm, "");
}
