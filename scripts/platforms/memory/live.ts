import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { backendUrl } from "../../../infra/owner.ts";
import { KeptPlan } from "../../live/kept-plan.ts";
import type { LiveLook, LiveSource } from "../../live/source.ts";
import { planOf, projectName } from "../../stacks.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import { statusNow } from "./report.ts";

/** Milliseconds between two looks at a state whose changes can't be seen from outside. */
const seldom = 10_000;

/** What is noted, read again when the state's file has changed: to ask the engine twice a second would take a third of a core. */
export async function memoryLive(stack: string): Promise<LiveSource> {
  await readyPulumi(new Progress());
  const kept = new KeptPlan(stack, planOf(stack));
  let last: { readonly stamp: string; readonly look: Promise<LiveLook> } | null = null;
  const look = async (): Promise<LiveLook> => ({
    status: await statusNow(stack, kept.plan),
    counts: new Map(),
  });
  return {
    look: () => {
      const stamp = stampOf(stack);
      if (last?.stamp !== stamp) {
        if (last !== null) kept.renew(() => (last = null));
        last = { stamp, look: look() };
        last.look.catch(() => (last = null));
      }
      return last.look;
    },
    events: () => {},
    detail: async (machine) => {
      const planned = [...kept.plan.balancers, ...kept.plan.nodes].find(({ key }) => key === machine);
      if (planned === undefined) throw new Error(`${machine} is not there`);
      return {
        facts: [
          ["name", planned.name],
          ["address", planned.address],
        ],
        lines: ["It is a note in the engine's state, and writes nothing."],
      };
    },
    close: () => {},
  };
}

/** Changes with the state: by its file where the backend is a folder, else with the time. */
function stampOf(stack: string): string {
  const url = backendUrl();
  if (!url.startsWith("file:")) return String(Math.floor(Date.now() / seldom));
  const folder = url.startsWith("file:///") ? fileURLToPath(url) : url.slice("file://".length);
  try {
    const { mtimeMs, size } = statSync(join(folder, ".pulumi/stacks", projectName, `${stack}.json`));
    return `${mtimeMs} ${size}`;
  } catch {
    return "none";
  }
}
