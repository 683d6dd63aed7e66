import type { PlatformKind } from "../model/spec.ts";
import type { AwsAccess } from "./aws/access.ts";
import type { Platform } from "./contract.ts";
import type { DockerAccess } from "./docker/access.ts";
import { memoryPlatform } from "./memory/index.ts";
import type { MetalAccess } from "./metal/access.ts";

/*
 * The one place that knows every adapter: a line a kind. Providers' packages take most of a second to load, so an adapter is
 * loaded for those alone who need it.
 */
const adapters = {
  aws: reaching(async (access: AwsAccess) => (await import("./aws/index.ts")).awsPlatform(access)),
  docker: reaching(async (access: DockerAccess) => (await import("./docker/access.ts")).dockerBy(access)),
  memory: async (_: undefined) => memoryPlatform(),
  metal: reaching(async (_: MetalAccess) => (await import("./metal/access.ts")).metalBySsh()),
} satisfies Readonly<Record<PlatformKind, (access: never, kind: PlatformKind) => Promise<Platform>>>;

/** What the adapters need from the outside world, by kind. Given by the program, so that components read no environment. */
export type PlatformAccess = {
  readonly [Kind in PlatformKind]?: Exclude<Parameters<(typeof adapters)[Kind]>[0], undefined>;
};

/**
 * The adapter of a platform.
 *
 * @throws Error for a platform without its access
 */
export function selectPlatform(kind: PlatformKind, access: PlatformAccess): Promise<Platform> {
  return adapters[kind](access[kind] as never, kind);
}

/** An adapter that is nothing without access to its platform. */
function reaching<Access>(make: (access: Access) => Promise<Platform>) {
  return async (access: Access | undefined, kind: PlatformKind): Promise<Platform> => {
    if (access !== undefined) return make(access);
    throw new Error(`platform.kind: "${kind}" needs access to it, and none was given`);
  };
}
