import type { PlatformUp, StackWork } from "../contract.ts";
import { readyEngine } from "./engine.ts";
import { subjectOf } from "./observe.ts";
import { mustBeOffered } from "./offerings.ts";
import { lookBefore, mustKeepFront } from "./preflight.ts";
import { mustHaveRoom } from "./quotas.ts";
import { launchFailures } from "./reasons.ts";
import { reportOf } from "./report.ts";
import { waitUntilWhole } from "./wait.ts";

/** An `up` on AWS. Asks for no Docker; what is missing is said before the engine starts. */
export async function beginUp({ stack, progress }: StackWork): Promise<PlatformUp> {
  const begun = new Date();
  const subject = subjectOf(stack);
  const before = await lookBefore(subject);
  await mustKeepFront(subject, before);
  await mustBeOffered(subject);
  await mustHaveRoom(subject, progress);
  return {
    plan: subject.plan,
    ready: () => readyEngine(progress),
    beforeEngine: async () => {},
    whyFailed: () => launchFailures(subject, begun),
    settle: async () => reportOf(await waitUntilWhole({ subject, before, progress })),
    next: ["status", "events", "down"],
  };
}
