import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { redeliver } from "../../engine/redeliver.ts";
import { planOf, specOf } from "../../stacks.ts";
import { waitUntilServing } from "../../status/wait.ts";
import type { PlatformUp, StackWork } from "../contract.ts";
import { checkAddresses } from "./address-check.ts";
import { observedPlan, readyAll, runningDocker } from "./connect.ts";
import { checkHost } from "./host-check.ts";
import { removeLeftovers } from "./leftovers.ts";
import { clusterStatus } from "./look.ts";
import { reportOf } from "./report.ts";
import { mustBeSameEngine, rememberEngine } from "./same-engine.ts";
import { standingDigest } from "./standing.ts";
import { removeSuperseded } from "./superseded.ts";
import { listContainers } from "./view.ts";

/** An `up` on Docker. What is missing, the Docker Engine itself too, is brought by it. */
export async function beginUp({ stack, progress }: StackWork): Promise<PlatformUp> {
  const spec = specOf(stack);
  const plan = planOf(stack);
  return {
    plan,
    ready: async () => {
      await mustBeSameEngine(await readyAll(progress, spec), stack);
    },
    beforeEngine: async (state) => {
      const docker = await runningDocker();
      const left = { docker, stack, owner: plan.owner, progress };
      await removeLeftovers(left, state);
      await removeSuperseded(left);
      await checkHost(docker, plan, stack);
      await checkAddresses(docker, stack);
      await rememberEngine(docker, stack);
      const views = await listContainers(docker, { owner: plan.owner, stack });
      const running = views.filter(({ role, state }) => role === "balancer" && state === "running");
      await redeliver({
        plan: await observedPlan(docker, stack),
        transport: dockerTransport(docker),
        machines: new Map(running.map(({ key, id }) => [key, id])),
        resources: state.resources,
        progress,
      });
    },
    standing: async (resources) =>
      standingDigest(await runningDocker(), { owner: plan.owner, stack }, resources),
    settle: async () => {
      const docker = await runningDocker();
      const observed = await observedPlan(docker, stack);
      const { door } = observed;
      // Once more: a saved plan is carried out without what is done before the engine.
      await rememberEngine(docker, stack);
      await waitUntilServing({
        stack,
        plan: observed,
        transport: dockerTransport(docker),
        progress,
        look: async () => ({ status: await clusterStatus(docker, stack, observed), silent: [] }),
        entrance:
          door === null ? null : { address: "127.0.0.1", httpPort: door.httpPort, tlsPort: door.tlsPort },
      });
      return reportOf(docker, stack, observed);
    },
    next: ["status", "logs", "down"],
  };
}
