import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/cluster.ts";
import { loadStack } from "../components/model/define.ts";
import { plan } from "../components/plan/plan.ts";
import { selectPlatform } from "../components/platform/select.ts";
import { planContext } from "./context.ts";
import { groundOf } from "./grounds/select.ts";
import { backendUrl, ownerId, personalIdentity } from "./owner.ts";
import { secretFingerprints } from "./secret-fingerprints.ts";
import { stackNames, stackSource } from "./stack-source.ts";

/*
 * The Pulumi program: stack name -> spec -> plan -> cluster -> outputs. It and what stands beside it in infra/ are the only part of
 * the library's side that reads config, environment, disk and what runs: who owns the backend (owner.ts), which stack
 * (stack-source.ts), the images (context.ts), fingerprints of secrets (secret-fingerprints.ts), and the platform (grounds/).
 */

/*
 * The SDK has a stack trace made for each of its promises, thousands of them, and translates it by source maps. Node's type stripping
 * leaves every line where it is, so there is nothing to translate, and it took a third of the program's processor time.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");

/** Runs a step whose errors are meant for people: the engine then prints the message without a stack trace. */
async function forPeople<T>(step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Error) throw new pulumi.RunError(error.message);
    throw error;
  }
}

const stack = pulumi.getStack();
const config = new pulumi.Config();

const { clusterPlan, ground, isNew } = await forPeople(async () => {
  const source = stackSource(stack);
  if (source === null) {
    throw new Error(
      `there is no stack "${stack}" in stacks/index.ts; there are [${stackNames().join(", ")}]`,
    );
  }
  const spec = loadStack(stack, source.input);
  const owner = ownerId(backendUrl(), pulumi.getProject(), personalIdentity);
  const ground = await groundOf(spec, stack);
  const seen = await ground.observe(owner);
  const observed = {
    ...seen,
    secrets: secretFingerprints(spec, owner),
    goingBack: source.goingBack === true,
  };
  const clusterPlan = plan(spec, planContext(spec, owner, source.images, observed));
  await ground.check(clusterPlan);
  return { clusterPlan, ground, isNew: seen.isNew ?? false };
});
for (const warning of clusterPlan.warnings)
  await pulumi.log.warn(`${warning.path}: ${warning.message}; ${warning.hint} (${warning.code})`);

if (!pulumi.runtime.isDryRun()) await ground.begin(clusterPlan);

const platform = await selectPlatform(clusterPlan.platform.kind, ground.access);
const cluster = new Cluster(
  stack,
  { plan: clusterPlan, platform, stack, secret: (name) => config.requireSecret(name), isNew },
  ground.options,
);

/** URL that answers: on the machine that runs the containers, or wherever the platform's own balancer is reached. */
export const url = cluster.url;
/** The address that clients in the cluster's network use; it moves between the balancers. On AWS the load balancer's name. */
export const virtualAddress = cluster.virtualAddress;
/** Whose cluster it is; every label of it says the same. */
export const owner = clusterPlan.owner;
