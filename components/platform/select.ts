import type Docker from "dockerode";
import type { PlatformKind } from "../model/spec.ts";
import type { AwsPlatformArgs } from "./aws/index.ts";
import type { Platform } from "./contract.ts";
import { type DockerTransforms, dockerPlatform } from "./docker/index.ts";
import { dockerTransport } from "./docker/transport.ts";
import { memoryPlatform } from "./memory/index.ts";
import { deliverBy } from "./planned/deliver-by.ts";

/** What the adapters need from the outside world. Given by the program, so that components read no environment. */
export interface PlatformAccess {
  readonly docker?: Docker;
  /** Path of the Docker socket on the engine's host; from `engineSocket(resolveDockerHost(…))`. */
  readonly engineSocket?: string;
  readonly aws?: AwsPlatformArgs;
  readonly transform?: { readonly docker?: DockerTransforms };
}

/**
 * The adapter of a platform. The one place that knows every adapter. AWS's provider package takes most of a second to load, so it
 * is loaded for those alone who need it.
 *
 * @throws Error for a platform that isn't built yet (the rules refuse such a stack before), or one without its access.
 */
export async function selectPlatform(kind: PlatformKind, access: PlatformAccess): Promise<Platform> {
  switch (kind) {
    case "docker":
      return dockerPlatform({
        deliverFiles: deliverBy(dockerTransport(given(access.docker, kind))),
        ...(access.engineSocket === undefined ? {} : { engineSocket: access.engineSocket }),
        transform: access.transform?.docker ?? {},
      });
    case "aws": {
      const { awsPlatform } = await import("./aws/index.ts");
      return awsPlatform(given(access.aws, kind));
    }
    case "memory":
      return memoryPlatform();
    case "metal":
      throw new Error(`platform.kind: "${kind}" is not built yet`);
    default:
      return kind satisfies never;
  }
}

function given<T>(access: T | undefined, kind: PlatformKind): T {
  if (access !== undefined) return access;
  throw new Error(`platform.kind: "${kind}" needs access to it, and none was given`);
}
