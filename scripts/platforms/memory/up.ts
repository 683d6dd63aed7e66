import { planOf } from "../../stacks.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { PlatformUp, StackWork } from "../contract.ts";
import { report } from "./report.ts";

/** An `up` in memory: what is noted is there at once. */
export async function beginUp({ stack, progress }: StackWork): Promise<PlatformUp> {
  return {
    plan: planOf(stack),
    ready: () => readyPulumi(progress),
    beforeEngine: async () => {},
    settle: () => report(stack),
    next: ["status", "history", "down"],
  };
}
