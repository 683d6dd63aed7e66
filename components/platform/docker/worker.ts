import type * as docker from "@pulumi/docker";
import type { WorkerPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { askedEachSecond, awaited, createBeside, type OwnArgs } from "./beside.ts";
import type { FillVolume } from "./files.ts";

/** A program without clients. */
export function createWorker(
  name: string,
  worker: WorkerPlan,
  place: NetworkedPlace,
  transform?: (args: docker.ContainerArgs, worker: WorkerPlan) => docker.ContainerArgs,
  fill?: FillVolume,
): ProvisionedMachine {
  return createBeside(name, worker, { ...power(worker), ...healthcheck(worker) }, place, transform, fill);
}

/**
 * Docker brings back what ends by itself, but for what runs at times. `unless-stopped`: one of a singleton that a warden has stopped must
 * not come back with the engine. `mustRun: false`: that wardens start and stop it is no drift.
 */
function power({ role, starts }: WorkerPlan): OwnArgs {
  switch (role) {
    case "worker":
      return { restart: "always" };
    case "singleton":
      return { start: starts, mustRun: false, restart: "unless-stopped" };
    case "scheduled":
      return { start: false, mustRun: false, restart: "no" };
    default:
      return role satisfies never;
  }
}

/** `up` waits for the first good answer of what starts. */
function healthcheck({ health, starts }: WorkerPlan): OwnArgs {
  if (health === null) return {};
  const tests = "command" in health ? ["CMD", ...health.command] : ["CMD-SHELL", youngEnough(health)];
  return {
    healthcheck: askedEachSecond(tests, health.startup),
    ...(starts ? awaited(health.startup) : {}),
  };
}

function youngEnough({ file, age }: { readonly file: string; readonly age: number }): string {
  return `test $(( $(date +%s) - $(stat -c %Y '${file}') )) -le ${Math.ceil(age / 1000)}`;
}
