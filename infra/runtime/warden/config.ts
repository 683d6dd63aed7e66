import { readFileSync } from "node:fs";
import type { WorkerConfig } from "./rules/workers.ts";
import type { Timers } from "./types.ts";

/** Version of warden.json that this warden reads. */
export const configSchema = 1;

export interface WardenConfig {
  /** Its key, e.g. `warden-1`. */
  readonly warden: string;
  readonly cluster: string;
  /** Key of the balancer beside it. */
  readonly balancer: string;
  readonly timers: Timers;
  /** Networks (CIDR) of those who may ask for metrics. */
  readonly answers: readonly string[];
  /** Programs without clients, by key; none in the document of a cluster that has none. */
  readonly workers: Readonly<Record<string, WorkerConfig>>;
}

/** Where things are in the warden's container. */
export const paths = {
  /** On a server. */
  config: "/etc/hotspare/warden.json",
  control: "/run/hotspare/control.sock",
  filter: "/run/filter/docker.sock",
  state: "/var/lib/warden/state.json",
} as const;

/** How often the balancer is asked, in ms: what a standby's promotion waits for at most, besides the mark itself. */
export const pollInterval = 50;
/** How often the power of the machines is asked. */
export const powerInterval = 500;
/** Where Prometheus asks. */
export const metricsPort = 9181;
/** The same on a server, where other machines of the cluster have ports too; `components/render/metal/warden.ts` has it as well. */
export const serverMetricsPort = 9183;

const day = 86_400_000;
/** Lowest and highest of each timer, in ms, and of each count. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  coldAfter: [0, day],
  calm: [100, day],
  limit: [0, 10_000],
  "restart.after": [0, day],
  "restart.unhealthyAfter": [100, day],
  "restart.tries": [1, 100],
  "restart.backoff": [100, day],
};

/**
 * What a container's environment holds in pieces, since a root that is read only takes no file; else the file, on a server.
 *
 * @throws Error with every problem of it, each with its path.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, file: string): WardenConfig {
  const pieces: string[] = [];
  for (let piece = env.HOTSPARE_FILE_0; piece !== undefined; piece = env[`HOTSPARE_FILE_${pieces.length}`])
    pieces.push(piece);
  return pieces.length > 0 ? parseConfig(pieces.join("")) : parseConfig(readFileSync(file, "utf8"), file);
}

/** @throws Error with every problem of the text, each with its path. */
export function parseConfig(text: string, name = "warden.json"): WardenConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${(error as Error).message}`);
  }
  const problems = configProblems(value);
  if (problems.length > 0) throw new Error(`${name}:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  const {
    warden,
    cluster,
    balancer,
    timers,
    answers,
    fence,
    workers = {},
  } = value as WardenConfig & {
    readonly fence?: readonly string[];
  };
  return {
    warden,
    cluster,
    balancer,
    answers,
    workers,
    timers: fence === undefined ? timers : { ...timers, fence },
  };
}

function configProblems(value: unknown): string[] {
  const root = asObject(value);
  if (root === null) return ["must be an object"];
  if (root.schema !== configSchema)
    return [`schema: this warden reads version ${configSchema}, not ${JSON.stringify(root.schema)}`];
  const names = ["warden", "cluster", "balancer"].flatMap((key) =>
    typeof root[key] === "string" && /^[a-z][a-z0-9-]*$/.test(root[key])
      ? []
      : [`${key}: must be a name, not ${JSON.stringify(root[key])}`],
  );
  if (!Array.isArray(root.answers) || !root.answers.every((network) => typeof network === "string"))
    return [...names, "answers: must be a list of networks"];
  const { fence = [] } = root;
  if (!Array.isArray(fence) || !fence.every((pool) => typeof pool === "string"))
    return [...names, "fence: must be a list of pools"];
  const timers = asObject(root.timers);
  if (timers === null) return [...names, "timers: must be an object"];
  const numbers = Object.entries(ranges).flatMap(([path, [low, high]]) => {
    const found = path.split(".").reduce<unknown>((inner, key) => asObject(inner)?.[key], timers);
    return typeof found === "number" && Number.isInteger(found) && found >= low && found <= high
      ? []
      : [`timers.${path}: must be a whole number from ${low} to ${high}, not ${JSON.stringify(found)}`];
  });
  return [...names, ...numbers, ...startupProblems(timers.startup), ...workerProblems(root.workers)];
}

function workerProblems(workers: unknown = {}): string[] {
  const all = asObject(workers);
  if (all === null) return ["workers: must be an object"];
  return Object.entries(all).flatMap(([key, worker]) => {
    const { kind, of, times } = asObject(worker) ?? {};
    const known =
      kind === "worker" || kind === "singleton" || (kind === "scheduled" && asObject(times) !== null);
    return known && typeof of === "string"
      ? []
      : [`workers.${key}: must be a worker, a singleton, or scheduled with its times`];
  });
}

function startupProblems(startup: unknown): string[] {
  const pools = asObject(startup);
  if (pools === null) return ["timers.startup: must be an object"];
  return Object.entries(pools).flatMap(([pool, time]) =>
    typeof time === "number" && Number.isInteger(time) && time >= 1000 && time <= day
      ? []
      : [`timers.startup.${pool}: must be a whole number from 1000 to ${day}, not ${JSON.stringify(time)}`],
  );
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
