import { loneNodes } from "../powered.ts";
import { answers, crash, slow } from "./answers.ts";
import { ask, drip } from "./clients.ts";
import { killProgram, ofMachines } from "./machines.ts";
import { changeMembers } from "./members.ts";
import { partition } from "./partition.ts";
import type { FaultSpec, Victims } from "./spec.ts";
import type { Fault, FaultArgs } from "./types.ts";
import { roll, scale } from "./up.ts";

/** Makes a fault from its description. */
export function faultOf(spec: FaultSpec, args: FaultArgs): Fault {
  const { cluster } = args;
  switch (spec.kind) {
    case "kill":
    case "freeze":
    case "stop":
    case "disconnect":
    case "cut":
      return ofMachines(cluster, spec.kind, victims(spec.of, args));
    case "kill-program":
      return killProgram(cluster, args.holder, spec.program);
    case "answers":
      return answers(cluster, victims(spec.of, args), spec.status);
    case "slow":
      return slow(cluster, victims(spec.of, args), spec.milliseconds);
    case "crash":
      return crash(cluster, victims(spec.of, args));
    case "partition":
      return partition(cluster, args.holder);
    case "change-members":
      return changeMembers(cluster, spec);
    case "scale":
      return scale(cluster, spec.by);
    case "roll":
      return roll(cluster);
    case "ask":
      return ask(cluster, spec.path, spec.every);
    case "drip":
      return drip(cluster, spec.connections);
    default:
      return spec satisfies never;
  }
}

function victims(of: Victims, { cluster, holder, round }: FaultArgs): string[] {
  const active = cluster.nodes("active").map(({ key }) => key);
  switch (of) {
    case "holder":
      return [holder];
    case "behind":
      return cluster.plan.balancers.slice(1, 2).map(({ key }) => key);
    case "all-active":
      return active;
    case "node":
      // Always the same one, so that two runs can be compared; not the first, which is nobody's special case.
      return active.slice(Math.min(1, active.length - 1)).slice(0, 1);
    case "lone-node":
      return loneNodes(cluster.plan, cluster.pool).slice(0, 1);
    case "any-node":
      return [active[shuffled(round, active.length)] ?? ""];
    default:
      return of satisfies never;
  }
}

/** A node for each round that looks random and is the same in every run: the fractional part of multiples of the golden ratio. */
function shuffled(round: number, size: number): number {
  return Math.floor((((round + 1) * 0.618_033_988_75) % 1) * size);
}
