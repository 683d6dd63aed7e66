import { cronTimes } from "../model/cron.ts";
import type { ClusterSpec, WorkerSpec } from "../model/spec.ts";
import { containerOptions, environmentOf } from "./container.ts";
import { imageFor, machine, ordinals, volumeName } from "./machine.ts";
import type { ClusterPlan, PlanContext, WorkerPlan } from "./types.ts";

/** Programs without clients; nothing where the stack has none, as it was before there were any. */
export function planWorkers(spec: ClusterSpec, context: PlanContext): Pick<ClusterPlan, "workers"> {
  const workers = Object.entries(spec.workers).flatMap(([name, worker]) =>
    ordinals(countOf(worker)).map((ordinal) => planWorker(spec, context, { name, worker, ordinal })),
  );
  return workers.length === 0 ? {} : { workers };
}

function countOf(worker: WorkerSpec): number {
  switch (worker.kind) {
    case "worker":
      return worker.count;
    case "singleton":
      return 1 + worker.standby;
    case "scheduled":
      return 1;
    default:
      return worker satisfies never;
  }
}

interface WorkerOf {
  readonly name: string;
  readonly worker: WorkerSpec;
  readonly ordinal: number;
}

function planWorker(
  spec: ClusterSpec,
  context: PlanContext,
  { name, worker, ordinal }: WorkerOf,
): WorkerPlan {
  const key = `${name}-${ordinal}`;
  return {
    ...machine(spec, context, key, imageFor(context, `worker:${name}`, worker.image)),
    role: worker.kind,
    of: name,
    starts: worker.kind === "worker" || (worker.kind === "singleton" && ordinal === 1),
    environment: { HOTSPARE_CLUSTER: spec.id, HOTSPARE_NODE: key, ...environmentOf(worker, context) },
    cpus: worker.cpus,
    memory: worker.memory,
    stopGrace: worker.stopGrace,
    health: worker.kind === "scheduled" ? null : worker.health,
    ...(worker.kind === "scheduled" ? { schedule: scheduleOf(worker) } : {}),
    ...containerOptions(worker, context, (volume, shared) =>
      volumeName(spec, context, shared ? `${name}-all` : key, volume),
    ),
  };
}

function scheduleOf({
  schedule,
  zone,
  startWithin,
}: Extract<WorkerSpec, { kind: "scheduled" }>): NonNullable<WorkerPlan["schedule"]> {
  const times = cronTimes(schedule);
  if (times === null) throw new Error(`schedule: ${schedule} passed the rules but is no cron line`);
  return { line: schedule, zone, startWithin, times };
}
