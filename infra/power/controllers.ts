import { metalPlanOf } from "../../components/plan/platforms/metal/part.ts";
import type { ServerPlan } from "../../components/plan/platforms/metal/types.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { accountOf } from "./open.ts";
import type { Controller } from "./types.ts";

/** A server of a plan that has a controller. */
export interface ControlledServer {
  readonly controller: Controller;
  /** Keys of the machines on it: they are switched together. */
  readonly machines: readonly string[];
}

/** Names of the secrets that a plan's controllers are asked with. */
export function accountsOf(plan: ClusterPlan): readonly string[] {
  const names = Object.values(metalPlanOf(plan).servers).flatMap(({ bmc }) => bmc?.account ?? []);
  return [...new Set(names)].sort();
}

/**
 * The controllers of a plan's servers.
 *
 * @param secret value of a named secret
 * @throws Error for a value that is no account
 */
export function controllersOf(
  plan: ClusterPlan,
  secret: (name: string) => string,
): readonly ControlledServer[] {
  return Object.entries(metalPlanOf(plan).servers).flatMap(([name, server]) => {
    const controller = controllerOf(name, server, secret);
    return controller === null ? [] : [{ controller, machines: server.machines }];
  });
}

/** A server's controller; null where it has none. @throws Error for a value that is no account */
export function controllerOf(
  server: string,
  { bmc, serial }: Pick<ServerPlan, "bmc" | "serial">,
  secret: (name: string) => string,
): Controller | null {
  if (bmc === null) return null;
  const { account, ...way } = bmc;
  try {
    return { server, serial, ...way, ...accountOf(secret(account)) };
  } catch (error) {
    throw new Error(`${server}: the secret "${account}" ${(error as Error).message}`);
  }
}
