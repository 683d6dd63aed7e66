import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { WorkerPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares } from "./container.ts";
import { type FillVolume, withFiles } from "./files.ts";
import { environment } from "./node.ts";
import { givenOptions } from "./options.ts";

/** A program without clients. Its address is Docker's to give. */
export function createWorker(
  name: string,
  worker: WorkerPlan,
  outer: NetworkedPlace,
  transform = (args: docker.ContainerArgs, _: WorkerPlan) => args,
  fill?: FillVolume,
): ProvisionedMachine {
  const { place, binds, resources } = withFiles(name, worker.name, worker, outer, fill);
  const grace = Math.ceil(worker.stopGrace / 1000);
  const container = new docker.Container(
    name,
    transform(
      {
        ...containerArgs({ ...worker, address: "" }, place),
        networksAdvanced: [{ name: place.network.id, aliases: [worker.key] }],
        cpuShares: cpuShares.node,
        envs: environment(worker, place),
        ...power(worker),
        ...givenOptions(worker, binds),
        ...healthcheck(worker),
        destroyGraceSeconds: grace,
        stopTimeout: grace,
      },
      worker,
    ),
    { ...place.options, deleteBeforeReplace: true },
  );
  return {
    id: container.id,
    address: pulumi.output(worker.key),
    ready: [container],
    resources: { ...resources, container },
  };
}

/**
 * Docker brings back what ends by itself, but for what runs at times. `unless-stopped`: one of a singleton that a warden has stopped must
 * not come back with the engine. `mustRun: false`: that wardens start and stop it is no drift.
 */
function power({ role, starts }: WorkerPlan): Pick<docker.ContainerArgs, "start" | "mustRun" | "restart"> {
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

/** Docker asks each second; `up` waits for the first good answer of what starts, as long as `startup`. */
function healthcheck({ health, starts }: WorkerPlan): Partial<docker.ContainerArgs> {
  if (health === null) return {};
  const seconds = Math.ceil(health.startup / 1000);
  return {
    healthcheck: {
      tests: "command" in health ? ["CMD", ...health.command] : ["CMD-SHELL", youngEnough(health)],
      interval: "1s",
      timeout: "5s",
      startPeriod: `${seconds}s`,
      retries: 3,
    },
    ...(starts ? { wait: true, waitTimeout: seconds } : {}),
  };
}

function youngEnough({ file, age }: { readonly file: string; readonly age: number }): string {
  return `test $(( $(date +%s) - $(stat -c %Y '${file}') )) -le ${Math.ceil(age / 1000)}`;
}
