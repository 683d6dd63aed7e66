import type { z } from "zod";
import type { ContainerPart } from "./container.ts";
import type { stackSchema } from "./schema/stack.ts";

/** A stack as a person writes it: data, with defaults left out. */
export type StackInput = z.input<typeof stackSchema>;

/** A stack as the schema leaves it: with defaults, but for ids, which follow from names. */
export type ParsedStack = z.output<typeof stackSchema>;

/**
 * A stack with every default filled in and every amount in its base unit (milliseconds, bytes). Nothing in it is optional. Its
 * pools are by id, and whatever names a pool does so by its id (identity.ts).
 */
export type ClusterSpec = Omit<ParsedStack, "id" | "pools"> & {
  id: string;
  pools: Record<string, PoolSpec>;
  /** What forwards to all of the balancers, where a stack puts something in front of them; then `balancer` is what stands behind. */
  directors: LvsSpec | null;
};

export type PlatformSpec = ClusterSpec["platform"];
export type AwsSpec = Extract<PlatformSpec, { kind: "aws" }>;
export type MetalSpec = Extract<PlatformSpec, { kind: "metal" }>;
export type PlatformKind = PlatformSpec["kind"];
export type BalancerSpec = ClusterSpec["balancer"];
export type DirectorsSpec = NonNullable<ClusterSpec["directors"]>;
export type NginxSpec = Extract<BalancerSpec, { kind: "nginx" }>;
export type LvsSpec = Extract<BalancerSpec, { kind: "lvs" }>;
export type PoolSpec = Omit<ParsedStack["pools"][string], "id"> & {
  id: string;
  /** As the stack calls it; for people. */
  name: string;
};
/** What a container is given beside its image. */
export type ContainerSpec = Pick<PoolSpec, ContainerPart | "memory" | "image">;
export type AccessorySpec = ClusterSpec["accessories"][string];
export type WorkerSpec = ClusterSpec["workers"][string];
export type RouteSpec = ClusterSpec["routes"][number];
export type HealthSpec = PoolSpec["health"];
export type StickySpec = NonNullable<PoolSpec["sticky"]>;
export type ImageSpec = PoolSpec["image"];
export type RateLimitSpec = NonNullable<RouteSpec["rateLimit"]>;
export type WardenSpec = ClusterSpec["warden"];

/** A value that is written down or a reference to a secret. */
export type SecretReference = { readonly secret: string };
