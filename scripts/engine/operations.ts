import type { Message } from "../history/message.ts";
import { type Changes, type Operation, operate } from "./stack.ts";

/* What the engine is asked to do with a whole stack, on whatever platform. */

type Work = Pick<Operation, "stack" | "progress" | "interrupt">;

/**
 * Brings a stack to what its source says.
 *
 * @param refresh whether it first looks at what really is there
 * @param told what the history shall tell of it
 */
export function upStack(
  work: Work,
  refresh: boolean,
  told: Pick<Message, "summary" | "source">,
): Promise<Changes> {
  return operate({
    ...work,
    title: `pulumi up (${work.stack})`,
    args: ["up", ...(refresh ? ["--refresh"] : [])],
    told,
  });
}

/** Removes all that the state knows. @param begins called when the engine begins */
export function destroyStack(work: Work, begins: () => void): Promise<Changes> {
  return operate({
    ...work,
    title: `pulumi destroy (${work.stack})`,
    args: ["destroy"],
    told: { summary: ["all of it is removed"], source: null },
    begins,
  });
}
