import type { Problem } from "../../../problem.ts";
import type { AwsSpec, ClusterSpec } from "../../../spec.ts";

/** A rule about a stack on AWS. */
export type AwsRule = (spec: ClusterSpec, platform: AwsSpec) => Problem[];
