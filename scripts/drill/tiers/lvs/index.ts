import type { Drill } from "../../drill.ts";
import {
  addressGiven,
  addressMoved,
  failsUntilLeftOut,
  keptAll,
  keptOpen,
  moved,
  movedTwenty,
  none,
  noticed,
  notTwice,
  oneHolder,
} from "../../limits.ts";
import { controlCommands } from "../control/commands.ts";
import type { TierDrills } from "../types.ts";
import { lvsLoad } from "./load.ts";

const connections = 500;

const programs: readonly Drill[] = [
  {
    id: "control-dead",
    title: "the control program of a director dies, its kernel forwards on",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressGiven(), notTwice, oneHolder],
  },
  {
    id: "director-switched",
    title: `the director with the address is killed while ${connections} connections are open`,
    fault: { kind: "kill", of: "holder" },
    basis: "balancer-killed",
    keeps: connections,
    hold: 3000,
    settle: 2000,
    limits: [moved, addressMoved(), keptOpen, keptAll, notTwice, oneHolder],
  },
];

const behind: readonly Drill[] = [
  {
    id: "behind-killed",
    title: "one of the balancers behind the directors is killed",
    fault: { kind: "kill", of: "behind" },
    hold: 3000,
    settle: 2000,
    limits: [noticed, failsUntilLeftOut, none("moves", "the directors are well"), notTwice],
  },
  {
    id: "behind-frozen",
    title: "one of the balancers behind the directors is frozen",
    fault: { kind: "freeze", of: "behind" },
    hold: 4000,
    settle: 3000,
    limits: [noticed, failsUntilLeftOut, none("moves", "the directors are well"), notTwice],
  },
];

const series: readonly Drill[] = [
  {
    id: "switches20",
    title: `20 times the director with the address is killed while ${connections} connections are open`,
    fault: { kind: "kill", of: "holder" },
    basis: "balancer-killed",
    keeps: connections,
    hold: 2000,
    settle: 2000,
    rounds: 20,
    rate: 50,
    onlyNamed: true,
    limits: [movedTwenty, keptOpen, keptAll, notTwice, oneHolder],
  },
];

/** Directors: the kit's control program and keepalived, in the container or in its guest. */
export const lvsDrills: TierDrills = {
  programs,
  behind,
  series,
  load: lvsLoad,
  ...controlCommands(["hotspare-in-guest"]),
};
