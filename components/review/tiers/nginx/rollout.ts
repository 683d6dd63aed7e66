import { describedRate, lostBy } from "../../../plan/describe-forecast.ts";
import type { Range } from "../../../plan/forecast-types.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import type { Known } from "../../compare/known.ts";
import type { RolloutStep } from "../../compare/types.ts";
import { listed } from "../../compare/words.ts";
import { effectsOn } from "./effects.ts";

/* What new files do to requests at balancers that stay. */

const none: Range = { low: 0, high: 0 };

function step(text: string, lost: Range | null, takes: Range | null): RolloutStep {
  return { text, lost, takes };
}

/** From a reload closing an idle connection until its client knows: a request that is sent meanwhile is refused. */
const closing = 10;

/** By what a file belongs to: members without a reload, nginx and keepalived each by one of their own. */
export function filesDelivered(known: Known, after: ClusterPlan): RolloutStep[] {
  const effects = effectsOn(known.machines);
  const steps: RolloutStep[] = [];
  if (effects.members.length > 0)
    steps.push(
      step(`${listed(effects.members)}: the document of members is taken without a reload`, none, null),
    );
  if (effects.nginx.length > 0)
    steps.push(
      step(
        `${listed(effects.nginx)}: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended`,
        { low: 0, high: Math.ceil((describedRate * closing) / 1000) },
        null,
      ),
    );
  if (effects.keepalived.length > 0) steps.push(keepalivedReloads(known, after, effects.keepalived));
  if (effects.memory.length > 0)
    steps.push(step(`${listed(effects.memory)}: the memory limit changes while it runs`, none, null));
  return steps;
}

/**
 * Balancers take a new router id one after the other, and until the last has it they don't hear each other: two hold the
 * address and both serve, but connections that clients keep may meet the one that doesn't know them, once when the second takes
 * the address and once when it leaves it.
 */
function keepalivedReloads(
  { settings }: Known,
  after: ClusterPlan,
  balancers: readonly string[],
): RolloutStep {
  const deaf = settings.some(({ path }) => path === "tier.failover.routerId") && after.balancers.length > 1;
  return deaf
    ? step(
        `${listed(balancers)}: keepalived reloads, one balancer after the other; until all have the new router id they don't hear each other, and more than one holds the address. Lost is what clients have under way on connections that they keep to it`,
        { low: 0, high: 2 * lostBy(after, "balancer-stopped") },
        null,
      )
    : step(`${listed(balancers)}: keepalived reloads and keeps the address`, none, null);
}
