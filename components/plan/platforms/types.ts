import type { AwsPlan } from "./aws/types.ts";
import type { DockerPlan } from "./docker/types.ts";
import type { MemoryPlan } from "./memory/types.ts";
import type { MetalPlan } from "./metal/types.ts";

/** What only the cluster's platform knows of it: a line a kind. */
export type PlatformPlan = AwsPlan | DockerPlan | MemoryPlan | MetalPlan;
