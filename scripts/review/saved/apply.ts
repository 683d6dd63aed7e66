import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { type Interrupt, pulumi } from "../../engine/command.ts";
import { type Changes, explain, operate } from "../../engine/stack.ts";
import { knownHistory, tellUp } from "../../history/summary.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { circumstanceDifferences, stepDifferences } from "./differences.ts";
import { refused, type SavedPlan } from "./document.ts";
import { circumstances } from "./program.ts";
import { stepsOf } from "./steps.ts";

/** @throws UserError that names all that differs from what was reviewed, apart from the state */
export async function checkCircumstances(saved: SavedPlan, stack: string): Promise<void> {
  refuseIfAny(circumstanceDifferences(saved, await circumstances(stack)));
}

interface ApplyArgs {
  readonly progress: Progress;
  readonly interrupt: Interrupt;
}

/**
 * Does what was reviewed. The engine is asked once more what it would do, and nothing begins unless that is the same, step by
 * step: its own check of a plan comes while it works, so it stops half-way. It gets the plan all the same, against
 * a change of the state in between.
 *
 * @throws UserError that names what differs, before any change
 */
export async function applySaved(saved: SavedPlan, { progress, interrupt }: ApplyArgs): Promise<Changes> {
  const { stack } = saved;
  const events = await progress.task(`is it still what was reviewed? (${stack})`, () =>
    previewEvents(stack, interrupt),
  );
  refuseIfAny(stepDifferences(saved.steps, stepsOf(events)));
  const folder = await mkdtemp(join(tmpdir(), "hotspare-plan-"));
  try {
    const file = join(folder, "plan.json");
    await writeFile(file, JSON.stringify(saved.enginePlan), { mode: 0o600 });
    return await operate({
      stack,
      title: `pulumi up as reviewed (${stack})`,
      args: ["up", "--plan", file],
      progress,
      interrupt,
      told: tellUp(stack, await knownHistory(stack)),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function previewEvents(stack: string, interrupt: Interrupt): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  const result = await pulumi(["preview", "--json", "--stack", stack], {
    interrupt,
    onEvent: (event) => events.push(event),
  });
  if (result.exitCode !== 0) {
    const errors = events.flatMap(({ diagnosticEvent: told }) =>
      told?.severity === "error" ? [told.message.trim()] : [],
    );
    throw refused(
      `the engine can't tell what it would do now, so nothing was changed: ${errors.join("\n") || explain(result)}`,
    );
  }
  return events;
}

function refuseIfAny(differences: readonly string[]): void {
  if (differences.length === 0) return;
  const shown = differences.slice(0, 30);
  const more = differences.length > shown.length ? `\n  and ${differences.length - shown.length} more` : "";
  throw refused(
    `this is not what was reviewed, so nothing was changed:\n${shown.map((line) => `  ${line}`).join("\n")}${more}\nReview it again: \`./hotspare review <stack> --save <file>\``,
  );
}
