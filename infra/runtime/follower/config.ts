import { readFileSync } from "node:fs";
import type { FollowedPool } from "./members.ts";

/** Version of follower.json that this follower reads; `components/render/aws/follower.ts` writes it. */
const configSchema = 1;

/** Where the configuration is, unless the command line names another file. */
export const configFile = "/etc/hotspare/follower.json";

export interface FollowerConfig {
  /** Key of the group that its machine is in; who it is in the log. */
  readonly follower: string;
  readonly region: string;
  /** Milliseconds from one look at the groups to the next. */
  readonly interval: number;
  /** Control socket of the nginx beside it. */
  readonly control: string;
  /** The document's file, which nginx reads at its start. */
  readonly members: string;
  readonly pools: Readonly<Record<string, FollowedPool>>;
  readonly metrics: MetricNames;
}

/** Names under which the balancer's figures are published. */
export interface MetricNames {
  readonly namespace: string;
  /** Requests a second and node; dimension `Group`. */
  readonly requests: string;
  /** Part of 5xx among the answers, percent; dimensions `Cluster` and `Pool`. */
  readonly errors: string;
  /** Seconds until the answer; the same dimensions. */
  readonly latency: string;
  /** Requests asked of another node, and failures passed on because there had been too many of these; the same dimensions. */
  readonly retries: string;
  readonly refused: string;
  /** Value of the dimension `Cluster`. */
  readonly cluster: string;
}

/** @throws Error that says what of the file isn't as it should be. */
export function readConfig(file: string): FollowerConfig {
  const value = parse(readFileSync(file, "utf8"), file);
  const problems = configProblems(value);
  if (problems.length > 0) throw new Error(`${file}:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  const { follower, region, interval, control, members, pools, metrics } = value as FollowerConfig;
  return { follower, region, interval, control, members, pools, metrics };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** Every problem of a configuration, each with its path. */
export function configProblems(value: unknown): string[] {
  const root = asObject(value);
  if (root === null) return ["must be an object"];
  if (root.schema !== configSchema)
    return [`schema: this follower reads version ${configSchema}, not ${JSON.stringify(root.schema)}`];
  const { interval } = root;
  const fits = typeof interval === "number" && interval >= 100 && interval <= 60_000;
  return [
    ...["follower", "region", "control", "members"].flatMap((key) => textProblem(root, key, "")),
    ...(fits ? [] : [`interval: must be from 100 to 60000 ms, not ${JSON.stringify(interval)}`]),
    ...poolsProblems(root.pools),
    ...metricsProblems(root.metrics),
  ];
}

function poolsProblems(value: unknown): string[] {
  const pools = asObject(value);
  if (pools === null) return ["pools: must be an object"];
  return Object.entries(pools).flatMap(([name, inner]) => {
    const path = `pools.${name}`;
    const pool = asObject(inner);
    if (pool === null) return [`${path}: must be an object`];
    const { algorithm, health, port, hot } = pool;
    return [
      ...(asObject(algorithm) === null ? [`${path}.algorithm: must be an object`] : []),
      ...(asObject(health) === null ? [`${path}.health: must be an object`] : []),
      ...(Number.isInteger(port) ? [] : [`${path}.port: must be a number, not ${JSON.stringify(port)}`]),
      ...textProblem(pool, "active", `${path}.`),
      ...(hot === null ? [] : textProblem(pool, "hot", `${path}.`)),
    ];
  });
}

function metricsProblems(value: unknown): string[] {
  const metrics = asObject(value);
  if (metrics === null) return ["metrics: must be an object"];
  const names = ["namespace", "requests", "errors", "latency", "retries", "refused", "cluster"];
  return names.flatMap((key) => textProblem(metrics, key, "metrics."));
}

function textProblem(object: Record<string, unknown>, key: string, path: string): string[] {
  const value = object[key];
  return typeof value === "string" && value !== ""
    ? []
    : [`${path}${key}: must be a text, not ${JSON.stringify(value)}`];
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
