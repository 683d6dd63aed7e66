import type { Drill } from "../../drill.ts";
import { addressGiven, moved, movedFifty, none, notTwice, oneHolder } from "../../limits.ts";
import { controlCommands } from "../control/commands.ts";
import type { TierDrills } from "../types.ts";
import { nginxLoad } from "./load.ts";

const programs: readonly Drill[] = [
  {
    id: "nginx-dead",
    title: "nginx dies, keepalived lives",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressGiven(), notTwice, oneHolder],
  },
];

/** The balancers read requests, so one client's requests may hurt the others'. */
const clients: readonly Drill[] = [
  {
    id: "poison-url",
    title: "a URL breaks the connection of whoever serves it, once a second",
    fault: { kind: "ask", path: "/break", every: 1000 },
    hold: 8000,
    settle: 3000,
    limits: [
      {
        measure: "asked.failed",
        least: 5,
        why: "the URL must have broken its connections, or nothing was shown",
      },
      none("members.lost", "other requests fare well at the same nodes: the URL is what is wrong"),
      none("acts", "no node is ill, so wardens have nothing to do"),
      none("lost.all", "nobody else's request is in it"),
      notTwice,
    ],
  },
  {
    id: "large-header",
    title: "an answer whose header is beyond the buffers, once a second",
    fault: { kind: "ask", path: "/header?bytes=262144", every: 1000 },
    hold: 8000,
    settle: 3000,
    limits: [
      { measure: "asked.failed", least: 5, why: "the header must have been too large, or nothing was shown" },
      none("members.lost", "an answer that can't be read is an error of that answer"),
      none("acts", "no node is ill, so wardens have nothing to do"),
      none("lost.all", "nobody else's request is in it"),
      notTwice,
    ],
  },
  {
    id: "slow-clients",
    title: "one client drips headers and bodies on 2000 connections",
    fault: { kind: "drip", connections: 2000 },
    hold: 10_000,
    settle: 3000,
    limits: [
      { measure: "dripping", least: 50, why: "the client must have held connections, or nothing was shown" },
      none("members.lost", "a slow client says nothing of any node"),
      none("acts", "no node is ill, so wardens have nothing to do"),
      none("lost.all", "connections of others have room beside the slow one's"),
      notTwice,
    ],
  },
];

const series: readonly Drill[] = [
  {
    id: "deaths50",
    title: "50 times nginx dies",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    basis: "nginx-dead",
    hold: 1500,
    settle: 500,
    rounds: 50,
    onlyNamed: true,
    limits: [movedFifty, addressGiven("gap.p99"), notTwice, oneHolder],
  },
];

/** nginx with keepalived beside it. */
export const nginxDrills: TierDrills = {
  programs: [...programs, ...clients],
  series,
  load: nginxLoad,
  ...controlCommands([]),
};
