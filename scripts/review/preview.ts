import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { driftOf } from "../../components/review/engine/drift.ts";
import { reviewEngine } from "../../components/review/engine/review.ts";
import type { EngineReview } from "../../components/review/engine/types.ts";
import { maskText } from "../../components/review/masks.ts";
import type { Failure } from "../../components/review/types.ts";
import { type Interrupt, type PulumiResult, pulumi } from "../engine/command.ts";
import { explain, exportState, isToolNotice, stackExists } from "../engine/stack.ts";
import { UserError } from "../exit.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { specOf } from "../stacks.ts";
import type { Progress } from "../toolchain/progress.ts";

import type { SavedPlan } from "./saved/document.ts";
import { stepsOf } from "./saved/steps.ts";
import type { Scratch } from "./scratch.ts";

/** What the engine said about a stack, and what it could not say. */
export interface EngineLook {
  readonly engine: EngineReview | null;
  readonly failures: readonly Failure[];
  /** What a saved plan needs of it; null where the preview failed. */
  readonly plan: Pick<SavedPlan, "steps" | "enginePlan"> | null;
}

export const noLook: EngineLook = { engine: null, failures: [], plan: null };

export interface EngineRequest {
  readonly stack: string;
  /** Whether to look for drift as well. */
  readonly drift: boolean;
  readonly scratch: Scratch;
  readonly progress: Progress;
}

/**
 * Asks the real engine what it would do with the working tree. Never throws for what the engine does or lacks: the rest of the
 * review stands, and a comment must say why this part is missing.
 */
export async function lookAtEngine(request: EngineRequest): Promise<EngineLook> {
  const { stack, progress } = request;
  try {
    await platformOfKnown(stack).readyEngine(progress, specOf(stack));
    await mustExist(stack);
    return await askEngine(request);
  } catch (error) {
    request.scratch.signal.throwIfAborted();
    return { ...noLook, failures: [failure("preview", (error as Error).message)] };
  }
}

/** A review makes nothing, so not even an empty stack. */
async function mustExist(stack: string): Promise<void> {
  if (await stackExists(stack)) return;
  throw new UserError(
    `the state backend has no stack "${stack}" yet, so the engine has nothing to compare with; \`./hotspare pulumi stack init ${stack}\` makes an empty one`,
  );
}

/** The same, with the tools in place. @throws UserError when not even the state can be read */
export async function askEngine(request: EngineRequest): Promise<EngineLook> {
  const { stack, drift, scratch } = request;
  const file = join(scratch.folder, `${stack}.plan.json`);
  const state = await exportState(stack);
  const preview = await record(request, `pulumi preview (${stack})`, ["preview", "--save-plan", file]);
  const engine = reviewEngine({ events: preview.events, state });
  const failures = previewFailures(engine, preview);
  const isWhole = engine.result === "succeeded" && failures.length === 0;
  const plan = isWhole ? { steps: stepsOf(preview.events), enginePlan: await readPlan(file) } : null;
  if (!drift) return { engine, failures, plan };
  const refresh = await record(request, `look for drift (${stack})`, ["refresh", "--preview-only"]);
  return refresh.result.exitCode === 0
    ? { engine: { ...engine, drift: driftOf(refresh.events) ?? [] }, failures, plan }
    : { engine, failures: [...failures, failure("drift", endOf(refresh))], plan };
}

async function readPlan(file: string): Promise<SavedPlan["enginePlan"]> {
  return JSON.parse(await readFile(file, "utf8")) as SavedPlan["enginePlan"];
}

interface Recorded {
  readonly events: readonly EngineEvent[];
  readonly result: PulumiResult;
}

async function record(
  { stack, scratch, progress }: EngineRequest,
  title: string,
  args: readonly string[],
): Promise<Recorded> {
  const events: EngineEvent[] = [];
  const result = await progress.task(title, () =>
    pulumi([...args, "--json", "--stack", stack], {
      interrupt: interruptBy(scratch.signal),
      onEvent: (event) => {
        if (!isToolNotice(event)) events.push(event);
      },
    }),
  );
  scratch.signal.throwIfAborted();
  return { events, result };
}

function interruptBy(signal: AbortSignal): Interrupt {
  return {
    get pressed() {
      return signal.aborted;
    },
    subscribe(listener) {
      signal.addEventListener("abort", listener);
      return () => signal.removeEventListener("abort", listener);
    },
  };
}

/** A policy that forbids the change makes the engine fail too; but then all was looked at, and the verdict is another one. */
function previewFailures(engine: EngineReview, preview: Recorded): Failure[] {
  const isForbidden = engine.policies.some(({ level }) => level === "mandatory");
  if (engine.result === "succeeded" && preview.result.exitCode === 0) return [];
  if (engine.result === "failed" && isForbidden) return [];
  const what =
    engine.result === "incomplete" ? "the engine's output ends in the middle" : `the engine ${engine.result}`;
  return [failure("preview", `${what}: ${endOf(preview)}`)];
}

/** The engine's last words. */
function endOf({ events, result }: Recorded): string {
  const errors = events.flatMap(({ diagnosticEvent: told }) =>
    told?.severity === "error" ? [told.message.trim()] : [],
  );
  const words = errors.length > 0 ? errors : explain(result).split("\n");
  return `${words.slice(-20).join("\n")} (exit code ${result.exitCode})`;
}

function failure(phase: Failure["phase"], message: string): Failure {
  return { phase, message: maskText(message) };
}
