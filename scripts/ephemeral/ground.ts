import { exitCodes, UserError } from "../exit.ts";
import type { EphemeralGround } from "../platforms/contract.ts";
import { platformOf } from "../platforms/select.ts";
import type { EphemeralRecord } from "./record.ts";

/** What stands a cluster's machines up and takes them away. @throws UserError for a platform where none can stand */
export async function groundOf({ platform }: Pick<EphemeralRecord, "platform">): Promise<EphemeralGround> {
  const { ephemeral, place } = platformOf(platform);
  if (ephemeral !== undefined) return ephemeral();
  throw new UserError(
    `platform.kind: an ephemeral cluster can't stand ${place}; write a stack with platform { kind: "docker" } for it`,
    exitCodes.usage,
  );
}
