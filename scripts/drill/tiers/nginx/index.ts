import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Drill } from "../../drill.ts";
import { addressGiven, addressMoved, moved, movedFifty, notTwice, oneHolder } from "../../limits.ts";
import type { TierDrills } from "../types.ts";

const programs: readonly Drill[] = [
  {
    id: "nginx-dead",
    title: "nginx dies, keepalived lives",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressGiven(), notTwice, oneHolder],
  },
  {
    id: "keepalived-dead",
    title: "keepalived dies, nginx lives",
    fault: { kind: "kill-program", of: "holder", program: "keepalived" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressMoved(), notTwice, oneHolder],
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

const read = (file: string) => readFile(join(import.meta.dirname, file), "utf8");

/** nginx with keepalived beside it. */
export const nginxDrills: TierDrills = {
  programs,
  series,
  holderCommand: async (address) => [
    "env",
    `HOTSPARE_ADDRESS=${address}`,
    "luajit",
    "-e",
    await read("watch-holder.lua"),
  ],
  membersCommand: async () => ["bash", "-c", await read("watch-members.sh")],
  changeCommand: async (changes, every) => [
    "bash",
    "-c",
    await read("change-members.sh"),
    "change",
    String(changes),
    String(every / 1000),
  ],
};
