import { own } from "./own.ts";
import { cover } from "./rules/cover.ts";
import { healthEvents, noMemory, remember, surroundingEvents } from "./rules/memory.ts";
import { powerActions } from "./rules/power.ts";
import { tried } from "./rules/tries.ts";
import type { PoolView } from "./rules/view.ts";
import type {
  Action,
  Decision,
  NodeMemory,
  Observation,
  Overlay,
  OverlayEntry,
  PoolMemory,
  State,
  Timers,
  WardenEvent,
} from "./types.ts";

/** A warden that has seen nothing yet. */
export const freshState: State = { leader: null, lease: null, maintenance: null, nodes: {}, pools: {} };

const noPoolMemory: PoolMemory = { shortSince: null, told: false };

/**
 * The whole of the warden's judgement: pure, so that thousands of bad days can be played in simulated time. What serves
 * is read from the observation, never from the state; so a warden that has lost its state, or two that both think
 * they lead, come to the same overlay.
 *
 * @param now monotonic milliseconds, on the same clock as those in `state`
 */
export function decide(state: State, observation: Observation, timers: Timers, now: number): Decision {
  const events: WardenEvent[] = surroundingEvents(state, observation);
  const actions: Action[] = [];
  const nodes: Record<string, NodeMemory> = {};
  const pools: Record<string, PoolMemory> = {};
  const promoted = new Map<string, string>();
  for (const [name, members] of Object.entries(observation.pools)) {
    for (const member of members) {
      const before = own(state.nodes, member.key) ?? { ...noMemory, startingSince: now };
      const after = remember(before, member, observation, timers.calm, now);
      nodes[member.key] = after;
      events.push(...healthEvents(name, member, [before, after], observation));
    }
    const memory = (key: string) => own(nodes, key) ?? noMemory;
    const view: PoolView = { name, members, memory, observation, timers, now };
    const covered = cover(view, own(state.pools, name) ?? noPoolMemory);
    pools[name] = covered.memory;
    for (const [key, why] of covered.promoted) promoted.set(key, why);
    events.push(...covered.events);
    // A cold standby that is started for cover is no repair as well.
    const started = new Set(covered.actions.map(({ node }) => node));
    const repairs = powerActions(view, covered.promoted).filter(({ node }) => !started.has(node));
    for (const action of [...covered.actions, ...repairs]) {
      actions.push(action);
      events.push({ event: action.kind, pool: name, node: action.node, why: action.why });
      if (memory(action.node).idleSince !== null) {
        // No try to make it serve: asked again only if it goes on running for as long once more. That it was well until
        // nobody needed it any more makes its start a success, however short it was.
        nodes[action.node] = { ...settled(memory(action.node)), idleSince: now };
        continue;
      }
      const memoryAfter = { ...tried(memory(action.node), timers, now), startingSince: now };
      nodes[action.node] = memoryAfter;
      if (memoryAfter.tries === timers.restart.tries) events.push(lastTry(name, action, timers));
    }
  }
  return {
    state: {
      leader: observation.leader,
      lease: observation.lease,
      maintenance: observation.maintenance,
      nodes,
      pools,
    },
    overlay: overlayOf(promoted),
    actions,
    events,
  };
}

function settled(memory: NodeMemory): NodeMemory {
  return memory.wellSince === null ? memory : { ...memory, tries: 0, triedAt: null };
}

function lastTry(pool: string, { node, kind }: Action, { restart }: Timers): WardenEvent {
  return {
    event: "give-up",
    pool,
    node,
    why: `${kind} number ${restart.tries} in a row: unless it helps, the next comes in 10 minutes`,
  };
}

/** Who shall serve; entries of members that the desired document doesn't know any more go. */
function overlayOf(promoted: ReadonlyMap<string, string>): Overlay {
  return Object.fromEntries([...promoted].map(([key, reason]) => [key, { role: "active", reason }]));
}

/** Whether two overlays say the same. */
export function sameOverlay(a: Overlay, b: Overlay): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => canonical(own(a, key)) === canonical(own(b, key)));
}

function canonical(entry: OverlayEntry | undefined): string {
  return JSON.stringify([entry?.role, entry?.reason]);
}
