import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { labelPrefix } from "../../plan/labels.ts";
import type { WorkerPlan } from "../../plan/types.ts";
import type { Place } from "../contract.ts";
import { labelFilter } from "./label-filter.ts";

/** Stops all others of a singleton, and waits until they have ended. @param labels of the one that is to run */
export type StopOthers = (
  worker: Pick<WorkerPlan, "key" | "of">,
  labels: Readonly<Record<string, string>>,
) => Promise<void>;

/**
 * A place in which a singleton's container runs alone: one that was lost is made again while its standby, which has taken over, runs. No
 * warden starts another meanwhile, since whoever makes it has the lease.
 */
export function alone<P extends Place>(
  name: string,
  worker: WorkerPlan,
  place: P,
  stopOthers: StopOthers | undefined,
): P {
  if (stopOthers === undefined || worker.role !== "singleton" || !worker.starts) return place;
  const hook = new pulumi.ResourceHook(`${name}-alone`, () => stopOthers(worker, place.labels));
  const { hooks } = place.options;
  const beforeCreate = [...(hooks?.beforeCreate ?? []), hook];
  return { ...place, options: { ...place.options, hooks: { ...hooks, beforeCreate } } };
}

const off: ReadonlySet<string> = new Set(["created", "exited", "dead"]);

/** By the engine's API; each has its own time to end. */
export function stopOthersBy(engine: Pick<Docker, "listContainers" | "getContainer">): StopOthers {
  return async ({ key, of }, labels) => {
    const [owner, stack] = ["owner", "stack"].map((name) => labels[`${labelPrefix}${name}`]);
    const filters = labelFilter({ owner, stack, role: "singleton" });
    const listed = await engine.listContainers({ all: true, filters });
    const others = listed.filter(({ Labels, State }) => {
      const other = Labels[`${labelPrefix}key`] ?? "";
      return other !== key && other.replace(/-\d+$/, "") === of && !off.has(State);
    });
    await Promise.all(
      others.map(async ({ Id, State }) => {
        const container = engine.getContainer(Id);
        // A paused one would sleep through its time.
        if (State === "paused") await container.unpause().catch(ignoreEnded);
        await container.stop().catch(ignoreEnded);
      }),
    );
  };
}

/** What has ended by itself, or is gone, runs no more. */
function ignoreEnded(error: { statusCode?: number }): void {
  if (![304, 404].includes(error.statusCode ?? 0)) throw error;
}
