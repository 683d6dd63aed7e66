import { followOn, runOn } from "../../../components/platform/metal/ssh.ts";
import { targetOf } from "../../../components/platform/metal/transport.ts";
import { logFile } from "../../../components/render/machine/unit.ts";
import { wardenUnit } from "../../../components/render/metal/warden.ts";
import { tellEvents } from "../../events/feed.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { FeedOptions } from "../contract.ts";
import { observedPlan } from "./observed-plan.ts";

const log = logFile(wardenUnit);
/** The log before has what was said until it was rotated. */
const both = `cat ${log}.1 ${log} 2>/dev/null`;

/** What the wardens of a stack saw and did, by SSH. A server that says nothing is told, and the others' events come all the same. */
export async function printEvents(stack: string, { json, follow, tail }: FeedOptions): Promise<void> {
  const progress = new Progress();
  await readyPulumi(progress);
  const plan = await observedPlan(stack);
  if (plan.wardens.length === 0)
    throw new UserError(
      `"${stack}" has no wardens: its file sets warden.enabled to false`,
      exitCodes.nothingThere,
    );
  const readers = plan.wardens.map(({ key }) => async (onLine: (line: string) => void) => {
    try {
      const target = targetOf(plan, key);
      if (follow) return await followOn(target, `exec tail -n ${tail} -F ${log} 2>/dev/null`, onLine);
      const { stdout } = await runOn(target, `${both} | tail -n ${tail}`, { timeout: 10_000 });
      for (const line of stdout.split("\n")) onLine(line);
    } catch (error) {
      progress.note(`${key}: ${(error as Error).message}`);
    }
  });
  await tellEvents(stack, readers, { json, follow });
}
