import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/cluster.ts";
import { loadStack } from "../components/model/define.ts";
import { clusterLabels } from "../components/plan/labels.ts";
import { plan } from "../components/plan/plan.ts";
import { dockerClient, engineSocket, resolveDockerHost } from "../components/platform/docker/endpoint.ts";
import { holdLease } from "../components/platform/docker/lease.ts";
import { selectPlatform } from "../components/platform/select.ts";
import { planContext } from "./context.ts";
import { backendUrl, ownerId, personalIdentity } from "./owner.ts";
import { engineAnswers, imagesAreThere } from "./preflight.ts";
import { runningNodes } from "./running.ts";
import { secretFingerprints } from "./secret-fingerprints.ts";
import { stackNames, stackSource } from "./stack-source.ts";

/*
 * The Pulumi program: stack name -> spec -> plan -> cluster -> outputs. The only place that reads config and environment.
 */

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

const dockerHost = resolveDockerHost(process.env, homedir());
const docker = dockerClient(dockerHost);

const clusterPlan = await forPeople(async () => {
  const source = stackSource(stack);
  if (source === null) {
    throw new Error(
      `there is no stack "${stack}" in stacks/index.ts; there are [${stackNames().join(", ")}]`,
    );
  }
  const spec = loadStack(stack, source.input);
  const owner = ownerId(backendUrl(), pulumi.getProject(), personalIdentity);
  await engineAnswers(docker, stack);
  const observed = {
    running: await runningNodes(docker, owner, stack),
    secrets: secretFingerprints(spec, owner),
  };
  const made = plan(spec, planContext(spec, owner, source.images, observed));
  await imagesAreThere(docker, made, stack);
  return made;
});
for (const warning of clusterPlan.warnings)
  await pulumi.log.warn(`${warning.path}: ${warning.message}; ${warning.hint} (${warning.code})`);

if (!pulumi.runtime.isDryRun())
  await holdLease(docker, clusterLabels(clusterPlan, stack), `pulumi up (process ${process.pid})`);

const cluster = new Cluster(stack, {
  plan: clusterPlan,
  platform: selectPlatform(clusterPlan.platform, { docker, engineSocket: engineSocket(dockerHost) }),
  stack,
  secret: (name) => config.requireSecret(name),
});

/** URL that answers on the machine that runs the containers. */
export const url = cluster.url;
/** The address that clients in the cluster's network use; it moves between the balancers. */
export const virtualAddress = cluster.virtualAddress;
/** Whose cluster it is; every label of it says the same. */
export const owner = clusterPlan.owner;
