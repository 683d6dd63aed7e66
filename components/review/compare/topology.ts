import { poolCapacity } from "../../plan/capacity.ts";
import type { GroupPlan } from "../../plan/groups/types.ts";
import type { ClusterPlan, NodePlan, NodeRole } from "../../plan/types.ts";
import type { MachineChange, Sides } from "./types.ts";
import { percent } from "./words.ts";

/*
 * A cluster as a Mermaid flowchart, with the machines that change marked: by a sign in front of their name, for who sees no
 * colours, and by a class.
 */

type Action = MachineChange["action"];
type Mark = (key: string) => Action | null;

/** More nodes than this are drawn as groups: a picture of a thousand boxes shows nothing. */
const mostNodes = 12;

const signs: Readonly<Record<Action, string>> = { added: "+ ", removed: "− ", replaced: "↻ ", updated: "~ " };

/** Only lines, so that they can be seen on a light and on a dark page. */
const styles: Readonly<Record<Action, string>> = {
  added: "stroke:#2da44e,stroke-width:3px",
  removed: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
  replaced: "stroke:#bf8700,stroke-width:3px",
  updated: "stroke:#0969da,stroke-width:2px",
};

/** Both sides: what goes is marked in the picture before, what comes in the one afterwards, the rest in both. */
export function topologyOf(plans: Sides<ClusterPlan>, machines: readonly MachineChange[]): Sides<string> {
  const actions = new Map(machines.map(({ key, action }) => [key, action]));
  const side = (plan: ClusterPlan | null) =>
    plan === null ? null : flowchart(plan, (key) => actions.get(key) ?? null);
  return { before: side(plans.before), after: side(plans.after) };
}

interface Box {
  readonly id: string;
  readonly label: string;
  readonly action: Action | null;
}

function flowchart(plan: ClusterPlan, mark: Mark): string {
  const pools = plan.pools.map(({ name, shownAs, algorithm }) => ({
    name,
    title: `${shownAs}: ${algorithm.kind}`,
    boxes: poolBoxes(plan, name, mark),
  }));
  const balancers = [
    ...plan.balancers.map(({ key, address }) => machineBox(key, `${key} · ${address}`, mark)),
    ...plan.groups.filter(({ role }) => role === "balancer").map((group) => groupBox(group, mark)),
  ];
  const others = [plan.door, ...plan.wardens, plan.filter].filter((machine) => machine !== null);
  const beside = others.map(({ key, role }) =>
    machineBox(key, role === "door" ? `door · 127.0.0.1:${plan.door?.httpPort}` : key, mark),
  );
  const boxes = [...balancers, ...beside, ...pools.flatMap((pool) => pool.boxes)];
  return [
    "flowchart LR",
    `  clients([clients]) --> address([${text(plan.network.virtualAddress ?? "address of the platform's balancer")}])`,
    ...beside.flatMap((box) => (box.id === "machine_door" ? [`  ${drawn(box)} --> address`] : [])),
    ...group("tier", `balancers: ${plan.tier.kind}`, balancers),
    "  address --> tier",
    ...group(
      "aside",
      "wardens",
      beside.filter(({ id }) => id !== "machine_door"),
    ),
    ...(plan.wardens.length === 0 ? [] : ["  aside -.-> tier"]),
    ...pools.flatMap(({ name, title, boxes: inside }) => group(poolId(name), title, inside)),
    ...plan.routes.map(({ path, pool }) => `  tier -- ${text(path)} --> ${poolId(pool)}`),
    ...classes(boxes),
  ].join("\n");
}

function group(id: string, title: string, boxes: readonly Box[]): string[] {
  if (boxes.length === 0) return [];
  return [`  subgraph ${id} [${text(title)}]`, ...boxes.map((box) => `    ${drawn(box)}`), "  end"];
}

function classes(boxes: readonly Box[]): string[] {
  return (Object.keys(styles) as Action[]).flatMap((action) => {
    const ids = boxes.filter((box) => box.action === action).map(({ id }) => id);
    return ids.length === 0
      ? []
      : [`  classDef ${action} ${styles[action]}`, `  class ${ids.join(",")} ${action}`];
  });
}

function poolBoxes(plan: ClusterPlan, pool: string, mark: Mark): Box[] {
  const groups = plan.groups.filter((group) => group.pool === pool);
  if (groups.length > 0) return groups.map((group) => groupBox(group, mark));
  const nodes = plan.nodes.filter((node) => node.pool === pool);
  const shares = new Map(poolCapacity(plan, pool).shares.map(({ node, share }) => [node, share]));
  if (nodes.length <= mostNodes)
    return nodes.map(({ key, role }) =>
      machineBox(key, `${key} · ${role === "active" ? percent(shares.get(key) ?? 0) : named[role]}`, mark),
    );
  return alike(nodes, mark).map(([first, ...others]) => {
    const last = others.at(-1);
    if (last === undefined) return machineBox(first.key, `${first.key} · ${named[first.role]}`, mark);
    const label = `${first.key} … ${last.key} · ${others.length + 1} ${named[first.role]}`;
    return machineBox(first.key, label, mark);
  });
}

const named: Readonly<Record<NodeRole, string>> = {
  active: "active",
  hot: "hot standby",
  cold: "cold standby, off",
};

/** Nodes of one role that change alike, in the plan's order. */
function alike(nodes: readonly NodePlan[], mark: Mark): (readonly [NodePlan, ...NodePlan[]])[] {
  const found = new Map<string, [NodePlan, ...NodePlan[]]>();
  for (const node of nodes) {
    const change = `${node.role} ${mark(node.key)}`;
    const others = found.get(change);
    if (others === undefined) found.set(change, [node]);
    else others.push(node);
  }
  return [...found.values()];
}

/** A group at the number that `up` asks for, and where it may go from there. */
function groupBox({ key, role, count: { min, desired, max }, waiting }: GroupPlan, mark: Mark): Box {
  const range = min === max ? "" : ` (${min} to ${max})`;
  const beside = waiting === null ? "" : ` · ${waiting.count} ${waiting.state}`;
  const what = role === "hot" ? "hot" : role === "active" ? "active" : "balancing";
  return machineBox(key, `${key} · ${desired}${range} ${what}${beside}`, mark);
}

function machineBox(key: string, label: string, mark: Mark): Box {
  const action = mark(key);
  return { id: `machine_${word(key)}`, label: `${action === null ? "" : signs[action]}${label}`, action };
}

const drawn = ({ id, label }: Box) => `${id}[${text(label)}]`;
const poolId = (pool: string) => `pool_${word(pool)}`;
/** Names have hyphens, and an identifier with `--` in it would begin an arrow. */
const word = (name: string) => name.replaceAll("-", "_");

/** Quoted text; what could mean something to Mermaid or HTML is written by its number. */
function text(words: string): string {
  return `"${words.replace(/[^\p{L}\p{N} ./:·…,+−↻~_-]/gu, (sign) => `#${sign.codePointAt(0)};`)}"`;
}
