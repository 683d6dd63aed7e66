import type { Line } from "../../../infra/runtime/load/protocol.ts";
import type { DrillCluster } from "../context.ts";
import { entranceOf } from "../entrance.ts";
import { LoadRun } from "../load.ts";
import type { LoadMachine, Running } from "../platform.ts";
import type { Asked, Operation } from "../types.ts";
import type { Fault } from "./types.ts";

/** A fault that is a client of its own, with an address of its own: balancers count by it. */
export interface ClientFault extends Fault {
  readonly asked: Asked;
}

/** Name of the machine that such clients come from. */
const machineName = "client";
/** Milliseconds after which they end by themselves, whoever is still there to stop them. */
const most = 600_000;

/** One URL, asked for again and again. */
export function ask(cluster: DrillCluster, path: string, every: number): ClientFault {
  const answers: Operation[] = [];
  const run = new LoadRun((operation) => answers.push(operation));
  let machine: LoadMachine | undefined;
  const order = {
    run: `ask-${Date.now().toString(36)}`,
    ...entranceOf(cluster.plan),
    rate: 1000 / every,
    most,
    streams: [{ name: "ask", method: "GET", path, share: 1, fresh: true }],
    patience: 3000,
    mostInFlight: 100,
    probeEvery: 0,
  } as const;
  return {
    victims: [],
    asked: { answers, dripping: 0 },
    strike: async () => {
      machine = await cluster.platform.load(machineName);
      await run.start(machine, order);
    },
    heal: async () => {
      if (run.begin > 0) await run.stop();
      await machine?.remove();
    },
  };
}

/** Connections on which half a header or half a body comes, and then a byte now and then. */
export function drip(cluster: DrillCluster, connections: number): ClientFault {
  const asked = { answers: [], dripping: 0 };
  let machine: LoadMachine | undefined;
  let running: Running | undefined;
  const order = {
    ...entranceOf(cluster.plan),
    connections,
    every: 1000,
    most,
  };
  return {
    victims: [],
    asked,
    strike: async () => {
      machine = await cluster.platform.load(machineName);
      running = await machine.drip(order, (line) => {
        const told = JSON.parse(line) as Line | ["dripping", number];
        if (told[0] === "dripping") asked.dripping = Math.max(asked.dripping, told[1]);
      });
    },
    heal: async () => {
      running?.stop();
      await running?.ended;
      await machine?.remove();
    },
  };
}
