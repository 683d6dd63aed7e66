import { cronTimes } from "../cron.ts";
import { platformTraits } from "../platforms/select.ts";
import type { Problem } from "../problem.ts";
import type { ClusterSpec, WorkerSpec } from "../spec.ts";
import { aboutKnownFields } from "../unknown.ts";
import { containerProblems } from "./container.ts";
import { environmentProblems, reservedNames } from "./pools.ts";
import type { Rule } from "./rule.ts";

type WorkerRule = (worker: WorkerSpec, name: string, path: string, spec: ClusterSpec) => Problem[];

const placeThere: WorkerRule = (_, __, path, { platform }) =>
  platformTraits(platform.kind).workers
    ? []
    : [
        {
          code: "worker.not-there",
          path,
          message: `there are no workers on the platform "${platform.kind}" yet`,
          hint: "run it beside the cluster (a service or timer of a machine of yours, a queue's own workers), with the same image",
        },
      ];

/** Keys are made of it. */
const nameFree: WorkerRule = (_, name, path, spec) => {
  const { pools, accessories } = spec;
  const taken =
    reservedNames(spec).includes(name) || /-(hot|cold)$/.test(name)
      ? "is used in the keys of other machines"
      : Object.values(pools).some((pool) => pool.id === name || pool.name === name)
        ? "is the name of a pool"
        : Object.hasOwn(accessories, name)
          ? "is the name of an accessory"
          : null;
  if (taken === null) return [];
  return [{ code: "worker.name-taken", path, message: `"${name}" ${taken}`, hint: "choose another name" }];
};

const scheduleRead: WorkerRule = (worker, _, path) =>
  worker.kind !== "scheduled" || cronTimes(worker.schedule) !== null
    ? []
    : [
        {
          code: "worker.schedule-misread",
          path: `${path}.schedule`,
          message: `${JSON.stringify(worker.schedule)} is no cron line`,
          hint: 'five fields as in crontab(5), e.g. "*/10 * * * *", or six with seconds in front',
        },
      ];

/** Docker starts again what ends; who else would start what waits? */
const wardenThere: WorkerRule = ({ kind }, _, path, { warden, platform }) =>
  kind === "worker" || warden.enabled || !platformTraits(platform.kind).workers
    ? []
    : [
        {
          code: "worker.needs-warden",
          path: `${path}.kind`,
          message: `wardens start what is "${kind}", and they are switched off`,
          hint: "leave `warden.enabled` at true",
        },
      ];

const containerFits: WorkerRule = (worker, _, path, spec) => [
  ...containerProblems(worker, path, spec),
  ...environmentProblems(worker.environment, path, "leave it out"),
];

const eachWorker =
  (rule: WorkerRule): Rule =>
  (spec) =>
    Object.entries(spec.workers).flatMap(([name, worker]) =>
      aboutKnownFields(() => rule(worker, name, `workers.${name}`, spec)),
    );

export const workerRules: readonly Rule[] = [
  placeThere,
  nameFree,
  scheduleRead,
  wardenThere,
  containerFits,
].map(eachWorker);
