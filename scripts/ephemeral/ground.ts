import { exitCodes, UserError } from "../exit.ts";
import type { EphemeralGround } from "../platforms/contract.ts";
import { platformOf } from "../platforms/select.ts";
import type { EphemeralRecord } from "./record.ts";

/**
 * What stands a cluster's machines up and takes them away: where it stands, whatever this process would reach by itself.
 *
 * @param record a cluster that is there, or the platform of one that is to be made
 * @throws UserError for a platform where none can stand
 */
export async function groundOf(
  record: Pick<EphemeralRecord, "platform"> & Partial<Pick<EphemeralRecord, "place">>,
): Promise<EphemeralGround> {
  const { ephemeral, place } = platformOf(record.platform);
  if (ephemeral !== undefined) return ephemeral(record.place ?? null);
  throw new UserError(
    `platform.kind: an ephemeral cluster can't stand ${place}; write a stack with platform { kind: "docker" } for it`,
    exitCodes.usage,
  );
}
