import type { PlatformKind } from "../spec.ts";
import { awsTraits } from "./aws/traits.ts";
import { dockerTraits } from "./docker/traits.ts";
import { memoryTraits } from "./memory/traits.ts";
import { metalTraits } from "./metal/traits.ts";
import type { PlatformTraits } from "./traits.ts";

const traits: Readonly<Record<PlatformKind, PlatformTraits>> = {
  aws: awsTraits,
  docker: dockerTraits,
  memory: memoryTraits,
  metal: metalTraits,
};

/** What a kind of platform is like. */
export function platformTraits(kind: PlatformKind): PlatformTraits {
  return traits[kind];
}
