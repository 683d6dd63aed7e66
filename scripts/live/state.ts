import type { WardenLogEvent } from "../events/sentence.ts";
import { sentenceText } from "../events/sentence.ts";
import type { ClusterStatus, MachineStatus } from "../status/cluster-status.ts";
import { actors } from "../status/picture.ts";
import type { Work, WorkStep } from "./at-work.ts";
import { type Figures, newcomersShare } from "./figures.ts";
import type { LiveLook } from "./source.ts";

/* What the page is sent: everything that it shows, in words where it shows words, so that it decides nothing. */

export interface LiveMachine {
  readonly key: string;
  readonly role: MachineStatus["role"];
  readonly pool: string | null;
  /** One word, also told by colour: `healthy`, `unhealthy`, `starting`, `stopped`, `off`, `absent`, `running`. */
  readonly health: string;
  /** Whether somebody should look at it. */
  readonly bad: boolean;
  /** What else is to be said of it: `holds the address`, `promoted`, `drained`. */
  readonly notes: readonly string[];
  /** Requests a second; null for machines that get none. */
  readonly rate: number | null;
}

export interface LiveState {
  readonly stack: string;
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  readonly verdict: ClusterStatus["state"];
  readonly verdictText: string;
  readonly findings: readonly string[];
  readonly underWay: readonly string[];
  readonly holder: string | null;
  readonly address: string;
  readonly figures: Pick<Figures, "rate" | "errors" | "p99">;
  readonly pools: readonly { readonly name: string; readonly about: string }[];
  readonly machines: readonly LiveMachine[];
  /** What an `up` does just now; empty for nothing. */
  readonly steps: readonly WorkStep[];
}

export interface LiveEvent {
  readonly at: string;
  readonly text: string;
  readonly kind: string;
}

const verdicts: Readonly<Record<ClusterStatus["state"], string>> = {
  ok: "Serving, all as planned",
  degraded: "Serving, but not as planned",
  down: "Nothing serves",
  absent: "Nothing is there",
};

export function liveState(look: LiveLook, figures: Figures, work: Work | null, now: Date): LiveState {
  const { status } = look;
  return {
    stack: status.stack,
    name: status.name,
    at: now.toISOString(),
    verdict: status.state,
    verdictText:
      status.maintenance === undefined ? verdicts[status.state] : "In maintenance: clients get 503",
    findings: status.findings,
    underWay: [...actors(status), ...newcomersText(look)],
    holder: status.virtualAddress.holder,
    address: status.virtualAddress.address,
    figures: { rate: figures.rate, errors: figures.errors, p99: figures.p99 },
    pools: status.pools.map(({ name, routes, algorithm }) => ({
      name,
      about: `${routes.join(" ") || "no route"}, ${algorithm}`,
    })),
    machines: status.machines.map((machine) => liveMachine(machine, figures)),
    steps: work?.steps ?? [],
  };
}

function newcomersText({ counts }: LiveLook): string[] {
  const share = newcomersShare(counts);
  return share === null ? [] : [`new nodes get ${Math.round(share * 100)} % of the requests`];
}

function liveMachine(machine: MachineStatus, figures: Figures): LiveMachine {
  const { key, role, pool, promoted, said, holdsVirtualAddress } = machine;
  const health = healthOf(machine);
  return {
    key,
    role,
    pool,
    health,
    bad: ["unhealthy", "stopped", "absent"].includes(health),
    notes: [
      ...(role === "hot" || role === "cold" ? [`${role} standby`] : []),
      ...(holdsVirtualAddress === true ? ["holds the address"] : []),
      ...(promoted ? ["promoted"] : []),
      ...(said === null ? [] : [said]),
    ],
    rate: (role === "balancer" ? figures.balancers[key] : figures.nodes[key]) ?? null,
  };
}

function healthOf({ role, state, running, healthy, startingFor }: MachineStatus): string {
  if (state === "absent") return "absent";
  if (!running) return role === "cold" ? "off" : "stopped";
  if (startingFor !== null) return "starting";
  return healthy === null ? "running" : healthy ? "healthy" : "unhealthy";
}

/** An event as the page shows it. */
export function liveEvent(event: WardenLogEvent): LiveEvent {
  return { at: event.time, text: `${event.warden} ${sentenceText(event)}`, kind: event.event };
}
