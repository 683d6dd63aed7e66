import { own } from "../../../own.ts";
import type { Problem } from "../../../problem.ts";
import type { AwsSpec, PoolSpec } from "../../../spec.ts";
import { aboutKnownFields } from "../../../unknown.ts";
import type { AwsRule } from "./rule.ts";

type PoolOptions = AwsSpec["pools"][string];

/** A rule about what only AWS knows of a pool; paths start with the pool's part of the platform. */
export type PoolRule = (where: {
  readonly path: string;
  readonly name: string;
  readonly options: PoolOptions;
  readonly pool: PoolSpec;
  readonly platform: AwsSpec;
}) => Problem[];

/** The rule for each pool of which the platform's part says something. */
export const eachPool =
  (rule: PoolRule): AwsRule =>
  (spec, platform) =>
    Object.entries(platform.pools).flatMap(([name, options]) => {
      const pool = own(spec.pools, name);
      if (pool === undefined) return [];
      return aboutKnownFields(() => rule({ path: `platform.pools.${name}`, name, options, pool, platform }));
    });
