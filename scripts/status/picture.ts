import { stripVTControlCharacters } from "node:util";
import { withId } from "../../components/plan/shown.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import { paint, table } from "../text.ts";
import type { MaintenanceStatus } from "./balancer-status.ts";
import type { ClusterStatus, MachineStatus } from "./cluster-status.ts";
import type { PoolStatus } from "./pools.ts";

/** Columns of the narrowest usual terminal. */
const narrow = 80;

interface Column {
  readonly head: string;
  readonly cell: (machine: MachineStatus) => string;
  /** Whether it says anything of these machines. */
  readonly tells?: (machines: readonly MachineStatus[]) => boolean;
}

const columns: readonly Column[] = [
  { head: "machine", cell: ({ key }) => key },
  { head: "role", cell: roleWords },
  { head: "state", cell: stateWord },
  {
    head: "restarts",
    cell: ({ restarts }) => (restarts === null ? "–" : String(restarts)),
    tells: (machines) => machines.some(({ restarts }) => (restarts ?? 0) > 0),
  },
  { head: "health", cell: healthWord },
  { head: "serves", cell: ({ inRotation }) => (inRotation === null ? "–" : inRotation ? "yes" : "no") },
  {
    head: "weight",
    cell: ({ weight }) => (weight === null ? "–" : String(weight)),
    tells: (machines) => new Set(machines.flatMap(({ weight }) => weight ?? [])).size > 1,
  },
];

const address: Column = { head: "address", cell: (machine) => machine.address || "–" };

/** The table of what runs. The addresses are left out where they have no place in 80 columns. */
export function statusTable({ machines }: ClusterStatus): string {
  const told = columns.filter(({ tells }) => tells?.(machines) ?? true);
  const drawn = (shown: readonly Column[]) =>
    table([
      shown.map(({ head }) => paint("dim", head)),
      ...machines.map((machine) => shown.map(({ cell }) => cell(machine))),
    ]);
  const whole = drawn([...told, address]);
  const widest = Math.max(
    ...stripVTControlCharacters(whole)
      .split("\n")
      .map((line) => line.length),
  );
  return widest <= narrow ? whole : drawn(told);
}

function healthWord({ healthy, startingFor }: MachineStatus): string {
  if (startingFor !== null) return paint("yellow", "starting");
  return healthy === null ? "–" : healthy ? paint("green", "healthy") : paint("red", "unhealthy");
}

function roleWords({ role, holdsVirtualAddress, promoted, said }: MachineStatus): string {
  if (holdsVirtualAddress) return `${role}, holder`;
  if (said !== null) return `${role}, ${paint("yellow", said)}`;
  return promoted ? `${role}, ${paint("yellow", "promoted")}` : role;
}

/** Who acts on the cluster just now; empty when nobody does. */
export function actors({ lease, overlay, operator, maintenance, machines }: ClusterStatus): string[] {
  const promoted = machines.filter((machine) => machine.promoted).map(({ key }) => key);
  const said = machines.flatMap(({ key, said }) => (said === null ? [] : [`${key} ${said}`]));
  return [
    ...(maintenance === undefined ? [] : [maintenanceWords(maintenance)]),
    ...(lease === null
      ? []
      : [`${lease.holder} changes the cluster; its lease ends in ${Math.ceil(lease.secondsLeft)} s`]),
    ...(promoted.length === 0 || overlay === null
      ? []
      : [`${promoted.join(", ")} promoted by ${overlay.by} (overlay ${overlay.revision})`]),
    ...(said.length === 0 ? [] : [`${said.join(", ")} by ${operator?.by ?? "somebody"}`]),
  ];
}

/** `maintenance by mia since 2026-03-01 14:02 UTC: clients are answered 503 (the fair); 192.0.2.0/24 pass`. */
function maintenanceWords({ by, since, reason, allowed }: MaintenanceStatus): string {
  const why = reason === undefined ? "" : ` (${reason})`;
  const pass = allowed.length === 0 ? "" : `; ${allowed.join(", ")} pass`;
  return `maintenance by ${by} since ${since.slice(0, 16).replace("T", " ")} UTC: clients are answered 503${why}${pass}`;
}

function stateWord(machine: MachineStatus): string {
  if (machine.running) return paint("green", machine.state);
  return machine.role === "cold" && ["created", "exited"].includes(machine.state)
    ? "off"
    : paint("red", machine.exitCode === null ? machine.state : `${machine.state} (${machine.exitCode})`);
}

/** A small picture of who stands in front of whom: the balancers, then each pool with what leads to it. */
export function topology({ virtualAddress, pools, machines }: ClusterStatus): string {
  const of = (role: MachineStatus["role"]) => machines.filter((machine) => machine.role === role).map(mark);
  const directors = of("director");
  return [
    `  clients ──▶ ${virtualAddress.address}  (held by ${virtualAddress.holder ?? "nobody"})`,
    ...(directors.length === 0 ? [] : [`                 │  ${directors.join("   ")}`]),
    `                 │  ${of("balancer").join("   ")}`,
    ...branches(pools.map((pool) => poolLines(pool, machines))).map((line) => `                 ${line}`),
  ].join("\n");
}

function poolLines(
  { name, id, routes, algorithm, retries }: PoolStatus,
  machines: readonly MachineStatus[],
): string[] {
  const rows = (["active", "hot", "cold"] as const).flatMap((role) => {
    const marks = machines.filter((machine) => machine.pool === name && machine.role === role).map(mark);
    return marks.length === 0 ? [] : [[`${role.padEnd(6)}  ${marks.join("   ")}`]];
  });
  return [
    `${withId(name, id)}  ${routes.join(" ") || "no route"}  ${paint("dim", algorithm)}${retriesWord(retries)}`,
    ...branches(rows),
  ];
}

/** Nothing where no request was asked of another node. */
function retriesWord(retries: PoolStatus["retries"]): string {
  if (retries === null || retries.made + retries.refused === 0) return "";
  const refused = retries.refused === 0 ? "" : paint("red", `, refused ${retries.refused}`);
  return `  ${paint("dim", `retries ${retries.made}`)}${refused}`;
}

/** Draws each part as a branch of one tree: its first line at the branch, the others below it. */
function branches(parts: readonly (readonly string[])[]): string[] {
  return parts.flatMap((lines, index) => {
    const isLast = index === parts.length - 1;
    const [first, below] = isLast ? ["└─ ", "   "] : ["├─ ", "│  "];
    return lines.map((line, number) => `${number === 0 ? first : below}${line}`);
  });
}

function mark({ key, role, running }: MachineStatus): string {
  return `${running ? paint("green", "●") : role === "cold" ? "○" : paint("red", "✗")} ${key}`;
}

/** Where the cluster answers, one URL a line, each with who can use it. */
export function urls(plan: ClusterPlan): string {
  const { door, tier } = plan;
  const host = (scheme: string, port: number | null) =>
    port === null ? [] : [[`  ${scheme}://127.0.0.1:${port}`, "on this machine, also when a balancer dies"]];
  const inside = (scheme: string, port: number | undefined) =>
    port === undefined
      ? []
      : [
          [
            `  ${scheme}://${virtualAddressOf(plan)}:${port}`,
            "the virtual address itself, in the cluster's network (on Linux from the host too)",
          ],
        ];
  return table([
    ...host("http", door?.httpPort ?? null),
    ...host("https", door?.tlsPort ?? null),
    ...inside("http", tier.httpPort),
    ...inside("https", tier.tls?.port),
  ]);
}
