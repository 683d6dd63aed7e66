import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stateFile } from "../engine/state-file.ts";
import { alive } from "../toolchain/lock.mjs";
import type { Progress, TaskNews } from "../toolchain/progress.ts";

/* What an `up` is doing, for whoever looks on in another process: a small file in the person's state folder, gone with the `up`. */

/** One step, with what it went through. */
export interface WorkStep {
  readonly title: string;
  readonly state: TaskNews["state"];
  /** Its phases in their order, each with the last that was heard of it: `["gate", "2 of 3 new nodes pass"]`. */
  readonly phases: readonly (readonly [phase: string, measure: string])[];
  /** The phase that it is in. */
  readonly current: string;
}

export interface Work {
  readonly pid: number;
  readonly command: string;
  readonly steps: readonly WorkStep[];
}

const fileOf = (stack: string) => stateFile("at-work", stack, "json");
/** Milliseconds between two writings: who looks on sees no more, and nobody else needs any. */
const pause = 200;

/** The steps after one more piece of news. Pure. */
export function withNews(
  steps: readonly WorkStep[],
  { title, detail, measure, state }: TaskNews,
): WorkStep[] {
  const at = steps.findIndex((step) => step.title === title && step.state === "running");
  const { phases, current }: Pick<WorkStep, "phases" | "current"> = steps[at] ?? { phases: [], current: "" };
  const known = phases.findIndex(([phase]) => phase === detail);
  const told = [detail, measure] as const;
  const silent = detail === "" && measure === "";
  const step: WorkStep = {
    title,
    state,
    current: silent ? current : detail,
    phases: silent ? phases : known < 0 ? [...phases, told] : phases.with(known, told),
  };
  return at < 0 ? [...steps, step] : steps.with(at, step);
}

/** Writes down what a command does, until `end` is called. That nothing can be written stops no command. */
export function showWork(stack: string, command: string, progress: Progress): { readonly end: () => void } {
  const file = fileOf(stack);
  let steps: readonly WorkStep[] = [];
  let waiting: NodeJS.Timeout | undefined;
  const write = () => {
    waiting = undefined;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.tmp`, JSON.stringify({ pid: process.pid, command, steps } satisfies Work), {
        mode: 0o600,
      });
      renameSync(`${file}.tmp`, file);
    } catch {
      // Nobody looks on, then.
    }
  };
  progress.listen((news) => {
    steps = withNews(steps, news);
    waiting ??= setTimeout(write, pause).unref();
  });
  const end = () => {
    progress.listen(null);
    clearTimeout(waiting);
    rmSync(file, { force: true });
  };
  return { end };
}

let read: { readonly stamp: string; readonly work: Work } | null = null;

/** What a command does to a stack just now; null where none does. */
export function atWork(stack: string): Work | null {
  try {
    const file = fileOf(stack);
    const stamp = `${file} ${statSync(file).mtimeMs}`;
    if (read?.stamp !== stamp) read = { stamp, work: JSON.parse(readFileSync(file, "utf8")) as Work };
    // One that was killed leaves its file.
    return alive(read.work.pid) ? read.work : null;
  } catch {
    return null;
  }
}
