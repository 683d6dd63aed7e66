import type Docker from "dockerode";
import { loadStack } from "../components/model/define.ts";
import type { ClusterSpec } from "../components/model/spec.ts";
import { plan } from "../components/plan/plan.ts";
import type { ClusterPlan } from "../components/plan/types.ts";
import { planContext } from "../infra/context.ts";
import { backendUrl, ownerId, personalIdentity } from "../infra/owner.ts";
import { runningNodes } from "../infra/running.ts";
import { stacks } from "../stacks/index.ts";
import { exitCodes, UserError } from "./exit.ts";

/** Name of the Pulumi project, as in Pulumi.yaml. */
export const projectName = "hotspare";

/** Stack that the commands use when none is named. */
export const defaultStack = "dev";

/** @throws UserError for a name that isn't in stacks/index.ts; SpecError with all problems of the stack. */
export function specOf(stack: string): ClusterSpec {
  if (!Object.hasOwn(stacks, stack)) {
    throw new UserError(
      `there is no stack "${stack}"; stacks/index.ts has [${Object.keys(stacks).join(", ")}]`,
      exitCodes.nothingThere,
    );
  }
  return loadStack(stack, stacks[stack]);
}

/** The owner that the program will use too, since both see the same backend. */
export function currentOwner(): string {
  return ownerId(backendUrl(), projectName, personalIdentity);
}

/** What a stack comes to, without a look at what runs. */
export function planOf(stack: string, owner = currentOwner()): ClusterPlan {
  const spec = specOf(stack);
  return plan(spec, planContext(spec, owner));
}

/** A stack's plan with the nodes where they run now, also when its file has changed since. */
export async function observedPlan(docker: Docker, stack: string): Promise<ClusterPlan> {
  const spec = specOf(stack);
  const owner = currentOwner();
  const running = Object.entries(await runningNodes(docker, owner, stack));
  const asTheyAre = Object.fromEntries(running.map(([key, node]) => [key, { ...node, fingerprint: null }]));
  return plan(spec, planContext(spec, owner, { running: asTheyAre }));
}
