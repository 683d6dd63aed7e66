import type Docker from "dockerode";
import type { PlatformKind } from "../model/spec.ts";
import type { Platform } from "./contract.ts";
import { deliverByApi } from "./docker/deliver-by-api.ts";
import { type DockerTransforms, dockerPlatform } from "./docker/index.ts";

/** What the adapters need from the outside world. Given by the program, so that components read no environment. */
export interface PlatformAccess {
  readonly docker: Docker;
  /** Path of the Docker socket on the engine's host; from `engineSocket(resolveDockerHost(…))`. */
  readonly engineSocket?: string;
  readonly transform?: { readonly docker?: DockerTransforms };
}

/**
 * The adapter of a platform. The one place that knows every adapter.
 *
 * @throws Error for a platform that isn't built yet; the rules refuse such a stack before.
 */
export function selectPlatform(kind: PlatformKind, access: PlatformAccess): Platform {
  switch (kind) {
    case "docker":
      return dockerPlatform({
        deliverFiles: deliverByApi(access.docker),
        ...(access.engineSocket === undefined ? {} : { engineSocket: access.engineSocket }),
        transform: access.transform?.docker ?? {},
      });
    case "aws":
    case "metal":
      throw new Error(`platform.kind: "${kind}" is not built yet`);
    default:
      return kind satisfies never;
  }
}
