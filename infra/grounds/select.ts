import type { ClusterSpec, PlatformSpec } from "../../components/model/spec.ts";
import { awsGround } from "./aws/index.ts";
import type { Ground } from "./contract.ts";
import { dockerGround } from "./docker/index.ts";
import { memoryGround } from "./memory.ts";

/** The ground that a stack stands on: the one place of the program that knows all of them. */
export async function groundOf({ platform }: ClusterSpec, stack: string): Promise<Ground> {
  switch (platform.kind) {
    case "docker":
      return dockerGround(stack);
    case "aws":
      return awsGround(platform);
    case "memory":
      return memoryGround;
    case "metal":
      throw notBuilt(platform);
    default:
      return platform satisfies never;
  }
}

function notBuilt({ kind }: PlatformSpec): Error {
  return new Error(`platform.kind: "${kind}" is not built yet`);
}
