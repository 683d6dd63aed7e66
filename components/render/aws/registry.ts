import type { NodeService } from "../../plan/groups/types.ts";
import { secretParameter } from "../../plan/platforms/aws/names.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { runFolder } from "../paths.ts";
import { machineEnvironment } from "./machine.ts";

/** In memory: what signs in at the registry is in it. */
const signInFolder = `${runFolder}/docker`;

/**
 * Lines of a node's unit by which it signs in at the registry of its image before each start. A sign-in that fails stops nothing: the
 * image may be there already, and a registry that is down must not keep a node from starting again. systemd's "-" forgives no time-out, so
 * one that is silent is ended before systemd would end the start.
 */
export function signIn(plan: ClusterPlan, { registry }: NodeService): string[] {
  if (registry === undefined) return [];
  const how =
    registry.kind === "own"
      ? `ecr ${registry.region}`
      : `${secretParameter(plan, registry.password.secret)} ${registry.username}`;
  return [
    `EnvironmentFile=${machineEnvironment}`,
    `Environment=DOCKER_CONFIG=${signInFolder}`,
    `ExecStartPre=-/usr/bin/timeout --kill-after=5 20 /usr/bin/hotspare-registry ${registry.server} ${how}`,
  ];
}
