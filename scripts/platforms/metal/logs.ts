import { serverOf } from "../../../components/plan/platforms/metal/part.ts";
import { followOn, runOn } from "../../../components/platform/metal/ssh.ts";
import { targetOf } from "../../../components/platform/metal/transport.ts";
import { logFile } from "../../../components/render/machine/unit.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { say } from "../../terminal.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import { visibleJson, visibleLine } from "../../visible.ts";
import type { FeedOptions } from "../contract.ts";
import { unitOf } from "./look.ts";
import { observedPlan } from "./observed-plan.ts";

/** What balancers and nodes wrote, by SSH. */
export async function printLogs(
  stack: string,
  machines: readonly string[],
  { json, follow, tail }: FeedOptions,
): Promise<void> {
  await readyPulumi(new Progress());
  const plan = await observedPlan(stack);
  const keys = [...plan.balancers, ...plan.wardens, ...plan.nodes].map(({ key }) => key);
  const unknown = machines.filter((machine) => !keys.includes(machine));
  if (unknown.length > 0)
    throw new UserError(
      `there is no machine ${unknown.join(", ")}; "${stack}" has [${keys.join(", ")}]`,
      exitCodes.usage,
    );
  const chosen = machines.length === 0 ? keys : machines;
  const width = Math.max(...chosen.map((key) => key.length));
  const print = (key: string, text: string) =>
    say(
      json
        ? visibleJson({ machine: key, stream: "stdout", text })
        : `${key.padEnd(width)} │ ${visibleLine(text)}`,
    );
  if (follow) {
    await Promise.all(
      chosen.map((key) =>
        // By its name: a log that is rotated goes on under it.
        followOn(targetOf(plan, key), `exec tail -n ${tail} -F ${logFile(unitOf(key))} 2>/dev/null`, (text) =>
          print(key, text),
        ),
      ),
    );
    return;
  }
  for (const key of chosen) {
    const command = `tail -n ${tail} ${logFile(unitOf(key))}`;
    const { exitCode, stdout } = await runOn(targetOf(plan, key), command, { timeout: 10_000 });
    const lines = exitCode === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
    for (const text of lines) print(key, text);
    if (lines.length === 0 && !json)
      say(`${key.padEnd(width)} │ (nothing yet, on ${serverOf(plan, key).name})`);
  }
}
