/** The library. What is exported here is what users may rely upon. */
export { BalancerTier } from "./balancer-tier.ts";
export { Cluster, type ClusterArgs } from "./cluster.ts";
export { checkStack, defineStack, loadStack } from "./model/define.ts";
export type { PlatformTraits } from "./model/platforms/traits.ts";
export { formatProblem, type Problem, SpecError, type Warning } from "./model/problem.ts";
export { secret } from "./model/secret.ts";
export type { ClusterSpec, StackInput } from "./model/spec.ts";
export { NodePool } from "./node-pool.ts";
export { plan } from "./plan/plan.ts";
export type { ClusterPlan, PlanContext, RenderedFile, RenderedMachine } from "./plan/types.ts";
export type { Platform, ProvisionedMachine, ProvisionedNetwork } from "./platform/contract.ts";
export { type DockerAccess, dockerBy } from "./platform/docker/access.ts";
export { type DockerTransforms, dockerPlatform } from "./platform/docker/index.ts";
export { type PlatformAccess, selectPlatform } from "./platform/select.ts";
export { render } from "./render/index.ts";
export { StandbyPool } from "./standby-pool.ts";
