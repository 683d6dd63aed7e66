import { setTimeout as sleep } from "node:timers/promises";
import { metalPlanOf, serverOf } from "../../../../components/plan/platforms/metal/part.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { openPower } from "../../../../infra/power/open.ts";
import type { Power } from "../../../../infra/power/types.ts";
import type { MachineFault } from "../../../drill/platform.ts";
import { controllersFor } from "../controllers.ts";
import { unitOf } from "../look.ts";
import type { OnServer } from "./faults.ts";

/** Milliseconds between two looks whether a server is there again, and until nobody looks any more: big ones test their memory for minutes. */
const pause = 500;
const longestBoot = 20 * 60_000;

/**
 * The power of whole servers, cut at their management controllers as when a feed fails. Healed when all units of the cluster run again
 * there: systemd starts them, a cold standby's beside a node's too.
 */
export function cutPower(stack: string, plan: ClusterPlan, on: OnServer) {
  return (keys: readonly string[]): MachineFault => {
    const names = [...new Set(keys.map((key) => serverOf(plan, key).name))];
    const each = async (work: (power: Power) => Promise<unknown>) => {
      const controllers = await controllersFor(stack, metalPlanOf(plan).servers);
      await Promise.all(
        names.map(async (name) => {
          const controller = controllers.get(name);
          if (controller === undefined) throw new Error(`${name}: it has no management controller`);
          const power = openPower(controller);
          try {
            await work(power);
          } finally {
            await power.close();
          }
        }),
      );
    };
    return {
      strike: () => each((power) => power.off(0)),
      heal: async () => {
        await each((power) => power.on());
        const machines = names.flatMap((name) => metalPlanOf(plan).servers[name]?.machines ?? []);
        await Promise.all(machines.map((key) => runsAgain(on, key)));
      },
    };
  };
}

async function runsAgain(on: OnServer, key: string): Promise<void> {
  for (const until = Date.now() + longestBoot; ; await sleep(pause)) {
    try {
      await on(key, `systemctl is-active ${unitOf(key)}`);
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}
