import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster.ts";
import { loadStack } from "../../../components/model/define.ts";
import { plan } from "../../../components/plan/plan.ts";
import { selectPlatform } from "../../../components/platform/select.ts";
import { awsGround } from "../../../infra/aws.ts";
import { stackSource } from "../../../infra/stack-source.ts";
import { contextFor } from "../plan-any.ts";
import { bootstrap } from "./bootstrap.ts";

/*
 * The Pulumi program of the tests: what infra/index.ts does for a stack on AWS, with the provider that it makes, but with a fixed owner
 * and with machines that start from a bundle made up here.
 */

const stack = pulumi.getStack();
const source = stackSource(stack);
if (source === null) throw new Error(`there is no stack "${stack}"`);
const spec = loadStack(stack, source.input);
if (spec.platform.kind !== "aws") throw new Error(`${stack} isn't on AWS`);

const { access, options } = await awsGround(spec.platform);
if (access.aws === undefined) throw new Error("the ground of AWS gives no access to it");
const clusterPlan = plan(spec, contextFor(spec));
const platform = await selectPlatform("aws", { aws: { ...access.aws, bootstrap } });
const config = new pulumi.Config();
const cluster = new Cluster(
  stack,
  { plan: clusterPlan, platform, stack, secret: (name) => config.requireSecret(name) },
  options,
);

export const url = cluster.url;
