import { counted } from "../../../components/model/words.ts";
import { exitCodes, UserError } from "../../exit.ts";
import type { PlatformDown, StackWork } from "../contract.ts";

/** A `down` in memory: the engine removes the notes, and there is nothing else. */
export async function beginDown({ stack }: StackWork): Promise<PlatformDown> {
  return {
    ready: async () => {},
    beforeDestroy: async () => false,
    finish: async ({ changes }) => {
      const removed = changes?.counts.delete ?? 0;
      if (removed === 0)
        throw new UserError(`the state knows nothing of the stack "${stack}"`, exitCodes.nothingThere);
      return {
        document: { stack, removed },
        sentence: `Removed ${counted(removed, "note")} of "${stack}" from the state.`,
        left: null,
      };
    },
  };
}
