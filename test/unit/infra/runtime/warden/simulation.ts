import { decide, freshState } from "../../../../../infra/runtime/warden/decide.ts";
import type {
  Action,
  Decision,
  MemberSeen,
  Observation,
  Overlay,
  Power,
  Role,
  State,
  Timers,
} from "../../../../../infra/runtime/warden/types.ts";

/*
 * A cluster in simulated time: nodes, two balancers that check them as the Lua code does, two wardens. Nothing sleeps; a
 * bad day takes milliseconds.
 */

export const tick = 50;

export interface Fault {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly kind:
    | "kill"
    | "freeze"
    | "sicken"
    | "cure"
    | "move"
    | "split"
    | "lease"
    | "forget"
    | "garble"
    | "blind"
    | "refuse";
  /** Index of a node, or of a warden. */
  readonly target: number;
  /** Milliseconds that it lasts, where it ends by itself. */
  readonly lasts: number;
}

interface Node {
  readonly key: string;
  readonly weight: number;
  readonly role: Role;
  power: Power;
  sick: boolean;
  /** When it serves after a start. */
  readyAt: number;
  startedAt: number;
}

interface Check {
  healthy: boolean | null;
  streak: number;
  markedUntil: number;
}

interface Side {
  overlay: Overlay;
  readonly checks: Map<string, Check>;
  state: State;
  powerSeen: Record<string, Power>;
}

export interface Performed extends Action {
  readonly at: number;
  readonly warden: number;
}

export interface Step {
  readonly now: number;
  readonly warden: number;
  readonly observation: Observation;
  readonly decision: Decision;
  /** What the warden would see right after its overlay was taken. */
  readonly after: Observation;
}

export class World {
  readonly nodes: Node[];
  readonly sides: Side[];
  readonly performed: Performed[] = [];
  readonly timers: Timers;
  now = 0;
  #holder = 0;
  #until = { split: 0, lease: 0, blind: 0, refuse: 0 };
  #pending: { at: number; run: () => void }[] = [];

  /** @param weights of the nodes in their order, again and again */
  constructor(
    counts: { active: number; hot: number; cold: number },
    timers: Timers,
    weights: readonly number[] = [1],
  ) {
    this.timers = timers;
    let made = 0;
    this.nodes = (["active", "hot", "cold"] as const).flatMap((role) =>
      Array.from({ length: counts[role] }, (_, index) => ({
        key: role === "active" ? `web-${index + 1}` : `web-${role}-${index + 1}`,
        role,
        weight: weights[made++ % weights.length] ?? 1,
        power: role === "cold" ? ("off" as const) : ("running" as const),
        sick: false,
        readyAt: 0,
        startedAt: 0,
      })),
    );
    this.sides = [0, 1].map(() => ({
      overlay: {},
      checks: new Map(this.nodes.map(({ key }) => [key, { healthy: null, streak: 0, markedUntil: 0 }])),
      state: freshState,
      powerSeen: {},
    }));
  }

  strike({ kind, target, lasts }: Fault): void {
    const node = this.nodes[target % this.nodes.length] as Node;
    const side = this.sides[target % 2] as Side;
    const until = this.now + lasts;
    switch (kind) {
      case "kill":
        if (node.power === "running" || node.power === "paused") node.power = "off";
        return;
      case "freeze":
        if (node.power === "running") node.power = "paused";
        return;
      case "sicken":
        node.sick = true;
        return;
      case "cure":
        node.sick = false;
        return;
      case "move":
        this.#holder = target % 2;
        return;
      case "forget":
        side.state = freshState;
        return;
      case "garble":
        // Balancer restarted with a broken file: its overlay is empty.
        side.overlay = {};
        return;
      default:
        this.#until[kind] = Math.max(this.#until[kind], until);
    }
  }

  /** Ends everything that is still wrong, but for nodes that are off or frozen: those are the wardens' work. */
  heal(): void {
    for (const node of this.nodes) node.sick = false;
    this.#until = { split: 0, lease: 0, blind: 0, refuse: 0 };
  }

  get leased(): boolean {
    return this.now < this.#until.lease;
  }

  leads(warden: number): boolean {
    return this.now < this.#until.split || this.#holder === warden;
  }

  serves({ power, sick, readyAt }: Node): boolean {
    return power === "running" && !sick && this.now >= readyAt;
  }

  /** One step of time: the world moves, both balancers check, both wardens decide. */
  advance(by: number): Step[] {
    this.now += by;
    const due = this.#pending.filter(({ at }) => at <= this.now);
    this.#pending = this.#pending.filter(({ at }) => at > this.now);
    for (const { run } of due) run();
    for (const side of this.sides) this.#check(side);
    return [0, 1].map((warden) => this.#ward(warden));
  }

  #check(side: Side): void {
    const checking = Math.floor(this.now / 200) !== Math.floor((this.now - tick) / 200);
    for (const node of this.nodes) {
      const check = side.checks.get(node.key) as Check;
      const role = side.overlay[node.key]?.role ?? node.role;
      if (role === "cold") Object.assign(check, { healthy: null, streak: 0 });
      else if (checking) step(check, this.serves(node));
    }
    // Requests find what the checks haven't seen yet.
    for (const { key, inRotation } of this.members(side)) {
      const node = this.nodes.find((other) => other.key === key) as Node;
      const check = side.checks.get(key) as Check;
      if (inRotation && !this.serves(node) && !node.sick) check.markedUntil = this.now + 2000;
    }
  }

  members(side: Side): MemberSeen[] {
    const seen = this.nodes.map((node) => {
      const check = side.checks.get(node.key) as Check;
      const mark = check.markedUntil > this.now ? ("lost" as const) : null;
      const role = side.overlay[node.key]?.role ?? node.role;
      const { healthy } = check;
      const { key, weight, role: desiredRole } = node;
      return { key, desiredRole, role, healthy, mark, weight, inFlight: 0, out: false, proven: true };
    });
    const well = (member: (typeof seen)[number]) => member.healthy === true && member.mark === null;
    const groups = [
      seen.filter((member) => member.role === "active" && well(member)),
      seen.filter((member) => member.role === "hot" && well(member)),
      seen.filter((member) => member.role === "active" && member.healthy === null && member.mark === null),
      seen.filter((member) => member.role !== "cold" && member.desiredRole !== "cold"),
    ];
    const rotation = groups.find((group) => group.length > 0) ?? [];
    return seen.map((member) => ({ ...member, inRotation: rotation.includes(member) }));
  }

  observe(warden: number): Observation {
    const side = this.sides[warden] as Side;
    const blind = this.now < this.#until.blind;
    return {
      leader: this.leads(warden),
      lease: this.leased ? "up" : null,
      maintenance: null,
      pools: { web: this.members(side) },
      overlay: side.overlay,
      power: blind ? null : { ...side.powerSeen },
    };
  }

  #ward(warden: number): Step {
    const side = this.sides[warden] as Side;
    if (Math.floor(this.now / 500) !== Math.floor((this.now - tick) / 500))
      side.powerSeen = Object.fromEntries(this.nodes.map(({ key, power }) => [key, power]));
    const observation = this.observe(warden);
    const decision = decide(side.state, observation, this.timers, this.now);
    side.state = decision.state;
    side.overlay = decision.overlay;
    for (const action of decision.actions) this.#perform(action, warden);
    return { now: this.now, warden, observation, decision, after: this.observe(warden) };
  }

  #perform(action: Action, warden: number): void {
    this.performed.push({ ...action, at: this.now, warden });
    if (this.now < this.#until.refuse) return;
    const node = this.nodes.find(({ key }) => key === action.node) as Node;
    this.#pending.push({ at: this.now + 300, run: () => this.#switch(node, action) });
  }

  #switch(node: Node, { kind }: Action): void {
    if (kind === "stop") node.power = "off";
    else if (kind === "unpause") {
      if (node.power === "paused") node.power = "running";
    } else if (kind === "start" && node.power !== "off") return;
    // The driver leaves alone what was started a moment ago: another warden did it.
    else if (kind === "restart" && this.now - node.startedAt < this.timers.restart.unhealthyAfter) return;
    else Object.assign(node, { power: "running", readyAt: this.now + 400, startedAt: this.now });
  }

  /** Whether all is as planned: everybody runs and is well, standbys stand by, cold ones are off. */
  get isAsPlanned(): boolean {
    const nodes = this.nodes.every((node) =>
      node.role === "cold" ? node.power === "off" : this.serves(node),
    );
    return nodes && this.sides.every(({ overlay }) => Object.keys(overlay).length === 0);
  }
}

function step(check: Check, passed: boolean): void {
  if (check.healthy === null) {
    if (passed) Object.assign(check, { healthy: true, streak: 0 });
    else if (++check.streak >= 2) Object.assign(check, { healthy: false, streak: 0 });
  } else if (passed === check.healthy) check.streak = 0;
  else if (++check.streak >= 2) Object.assign(check, { healthy: passed, streak: 0 });
}
