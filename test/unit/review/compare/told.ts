import { defineStack } from "../../../../components/model/define.ts";
import type { StackInput } from "../../../../components/model/spec.ts";
import { compare } from "../../../../components/review/compare/index.ts";
import type { ClusterChange, MachineChange, Topology } from "../../../../components/review/compare/types.ts";
import type { PlanDocument } from "../../../../components/review/document.ts";
import { flowchart } from "../../../../scripts/review/print/content/flowchart.ts";
import { documentOf } from "../../../support/plan-documents.ts";

/* Stacks that the scenarios change, and a change as short text. */

type Pools = StackInput["pools"];

/** A stack like `stacks/dev.ts`: a balancer pair, a pool `web` of three with a hot and a cold standby. */
export function dev(
  fields: Partial<StackInput> = {},
  images?: Readonly<Record<string, string>>,
): PlanDocument {
  const pools: Pools = fields.pools ?? { web: { active: 3, standby: { hot: 1, cold: 1 } } };
  const [first = "", ...others] = Object.keys(pools);
  const routes = [{ path: "/", pool: first }, ...others.map((pool) => ({ path: `/${pool}/`, pool }))];
  const stack = defineStack({
    name: "dev",
    environment: "development",
    platform: { kind: "docker" },
    network: { subnet: "10.77.0.0/22" },
    routes,
    ...fields,
    pools,
  });
  return documentOf(stack, images);
}

/** That stack with other fields in its pool. */
export const web = (pool: Partial<Pools[string]>) =>
  dev({ pools: { web: { active: 3, standby: { hot: 1, cold: 1 }, ...pool } } });

/** That stack with other fields in its balancer. */
export const tier = (balancer: Partial<Extract<NonNullable<StackInput["balancer"]>, { kind: "nginx" }>>) =>
  dev({ balancer: { kind: "nginx", ...balancer } });

/** What a review says of a change: its kind, sentences, machines, the roll-out, and what of the picture is another. */
export function told(before: PlanDocument | null, after: PlanDocument | null): string {
  const change = compare(before, after);
  return [
    change.kind,
    ...change.sentences.map(({ subject, text }) => `${subject}: ${text}`),
    ...change.machines.map(machine),
    ...change.rollout.map(
      ({ text, lost, takes }) => `> ${text} [lost ${range(lost)}, takes ${range(takes)}]`,
    ),
    ...picture(change),
  ].join("\n");
}

function machine({ key, action, order, reasons, files }: MachineChange): string {
  const why = reasons.map(({ path, before, after }) => `${path} ${before} → ${after}`);
  const parts = [...why, ...files];
  return `- ${key} ${action}${order === null ? "" : ` ${order}`}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`;
}

const range = (value: { low: number; high: number } | null) =>
  value === null ? "?" : value.low === value.high ? String(value.low) : `${value.low}–${value.high}`;

/** The picture of a side; empty where there is nothing. */
export const drawn = (side: Topology | null) => (side === null ? "" : flowchart(side));

const linesOf = (side: Topology | null) =>
  drawn(side)
    .split("\n")
    .filter((line) => line !== "");

function picture({ topology: { before, after } }: ClusterChange): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `before ${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `after ${line.trim()}`),
  ];
}
