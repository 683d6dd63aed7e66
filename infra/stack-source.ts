import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize } from "node:v8";
import { own } from "../components/model/own.ts";
import { answerVariable } from "./handed-over.ts";
import { moduleEnding, projectRoot } from "./project-root.ts";
import type { Answer } from "./stack-reader.ts";
import { withheldLine } from "./withheld.ts";

/** Where a stack comes from: its file, or what an earlier `up` has recorded of it. */
export interface StackSource {
  /** The stack as it was written; not checked yet. */
  readonly input: unknown;
  /** Image references of that time; null for those that the files of this checkout have now. */
  readonly images: Readonly<Record<string, string>> | null;
  /** Whether the cluster goes back to it; left out where it doesn't. */
  readonly goingBack?: boolean;
}

/** Names a JSON file with a {@link StackSource} that is used instead of the stack's file; set by `./hotspare rollback`. */
export const stackFileVariable = "HOTSPARE_STACK_FILE";

/** A file in stacks/ can't even be loaded: it has a syntax error, throws, or doesn't end. The message names file and line. */
export class StackLoadError extends Error {}

/** How long a stack file may take, in milliseconds: it is data, and loading the model takes most of the time. */
export const stackDeadline = 20_000;

/** The stack of this name, or null when there is none. @throws StackLoadError */
export function stackSource(stack: string, env: NodeJS.ProcessEnv = process.env): StackSource | null {
  const recorded = env[stackFileVariable];
  if (recorded) return JSON.parse(readFileSync(recorded, "utf8")) as StackSource;
  const { reading } = answerOf(stack);
  if (reading.kind === "failed") throw new StackLoadError(`stacks/ can't be loaded: ${reading.message}`);
  return reading.kind === "stack" ? { input: reading.input, images: null } : null;
}

/** What there is to choose from, for the message when a name is wrong. @throws StackLoadError */
export function stackNames(): readonly string[] {
  // Each answer has them: nobody waits for another process to hear which name would have been right.
  const { names, reading } = [...known.values()].find((answer) => answer.names !== null) ?? answerOf("");
  if (names !== null) return names;
  throw new StackLoadError(
    `stacks/ can't be loaded: ${reading.kind === "failed" ? reading.message : "it has no stacks"}`,
  );
}

/** What Pulumi, its state and all labels know a stack by that a person names; the word itself where there is no such stack. */
export function stackId(word: string): string {
  return own(answerOf(word).ids ?? {}, word) ?? word;
}

/** What Pulumi knows each stack of stacks/index.ts by. @throws StackLoadError */
export function stackIds(): readonly string[] {
  const names = stackNames();
  const { ids } = [...known.values()].find((answer) => answer.ids !== null) ?? {};
  return names.map((name) => own(ids ?? {}, name) ?? name);
}

/** What people call a stack; its id where there is no such stack. */
export function stackName(id: string): string {
  return Object.entries(answerOf(id).ids ?? {}).find(([, known]) => known === id)?.[0] ?? id;
}

/** A command and its program ask often, and must be told the same. */
const known = new Map<string, Answer>();

function answerOf(stack: string): Answer {
  const answer = known.get(stack) ?? handedAnswer(stack) ?? readStack(stack);
  known.set(stack, answer);
  return answer;
}

/** What another process was told by the stack's file; null where this one may ask it. */
function handedAnswer(stack: string): Answer | null {
  const file = process.env[answerVariable];
  return file ? told(stack, deserialize(readFileSync(file)) as Answer) : null;
}

/**
 * Runs a stack's file in a process of its own. A stack is data, but its file is a program: it may print, throw, leave a timer
 * behind or never end, and none of that is a command's. What it prints goes to stderr.
 *
 * @param options another stacks/index.ts and another deadline, for tests
 */
export function readStack(stack: string, options: { index?: string; deadline?: number } = {}): Answer {
  const deadline = options.deadline ?? stackDeadline;
  const program = join(import.meta.dirname, `stack-reader${moduleEnding}`);
  const index = options.index === undefined ? [] : [options.index];
  const { output, status, signal, error } = spawnSync(process.execPath, [program, stack, ...index], {
    stdio: ["ignore", 2, 2, "pipe"],
    timeout: deadline,
    killSignal: "SIGKILL",
    maxBuffer: 100_000_000,
  });
  const bytes = output?.[3] as unknown as Buffer | null;
  if (bytes && bytes.length > 0) return told(stack, deserialize(bytes) as Answer);
  const timedOut = (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT";
  const how = signal ?? error?.message ?? `exit code ${status}`;
  return noAnswer(stack, { timedOut, status, how }, options);
}

/** How a process ended that was to read a stack's file. */
export interface ReaderEnd {
  readonly timedOut: boolean;
  readonly status: number | null;
  /** In words, e.g. the signal. */
  readonly how: string;
}

/** What is said of a stack whose file kept the process that read it from answering. */
export function noAnswer(
  stack: string,
  { timedOut, status, how }: ReaderEnd,
  { index, deadline = stackDeadline }: { index?: string; deadline?: number } = {},
): Answer {
  const file = fileOf(stack, index);
  const message = timedOut
    ? `${file} did not end within ${deadline / 1000} s; a stack is data, so nothing in it should wait or repeat`
    : // Node's own code for a promise that nothing will ever settle.
      status === 13
      ? `${file} waits for a promise that nothing settles; a stack is data, so nothing in it should wait`
      : `${file} ended the process that read it (${how}); a stack only exports data`;
  return { reading: { kind: "failed", message }, names: null, ids: null, missed: [] };
}

function told(stack: string, answer: Answer): Answer {
  if (answer.missed.length > 0) process.stderr.write(`${withheldLine(stack, answer.missed)}\n`);
  return answer;
}

/** The file that a stack's entry names; read and not run, since running it is what failed. */
function fileOf(stack: string, index = join(projectRoot, "stacks/index.ts")): string {
  const escaped = stack.replace(/[^\w-]/g, "");
  const text = readFileSync(index, "utf8");
  const [, path] =
    new RegExp(`["']?${escaped}["']?[:,][^()]*\\(\\) => import\\(["']\\./([^"']+)["']\\)`).exec(text) ?? [];
  return path === undefined ? "stacks/index.ts, or a file that it imports," : `stacks/${path}`;
}
