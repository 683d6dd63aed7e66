import { setTimeout as sleep } from "node:timers/promises";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import type { KeepLine } from "../../infra/runtime/load/protocol.ts";
import type { DrillCluster } from "./context.ts";
import type { LoadMachine } from "./platform.ts";
import type { Kept } from "./types.ts";

/** Milliseconds of silence after which an open connection counts as ended: the kernel sends again what nobody answered, ever later. */
const patience = 15_000;
/** Milliseconds between two questions on one connection. */
const every = 1000;
/** Longest wait until all are open. */
const mostToOpen = 30_000;

/** Clients that stay while a drill runs. */
export interface Keeping {
  /** Asks each connection a last time, and tells what became of them. */
  stop(): Promise<Kept>;
}

/** Opens so many connections and asks over each of them once a second. @throws Error when they can't be opened in time */
export async function keepOpen(
  { plan }: DrillCluster,
  machine: LoadMachine,
  connections: number,
  most: number,
): Promise<Keeping> {
  const kept = { opened: 0, ended: [] as string[] };
  const ready = Promise.withResolvers<void>();
  let complete = false;
  const host = virtualAddressOf(plan);
  const order = { host, port: plan.tier.httpPort, connections, path: "/identity", every, patience, most };
  const running = await machine.keep(order, (line) => {
    const told = JSON.parse(line) as KeepLine;
    if (told[0] === "dialled") ready.resolve();
    if (told[0] === "ended") kept.ended.push(told[2]);
    if (told[0] !== "kept") return;
    kept.opened = told[1];
    complete = true;
  });
  const stop = async () => {
    running.stop();
    await running.ended;
    if (!complete) throw new Error(`the clients that stay broke off: ${running.complaints()}`);
    return kept;
  };
  const late = sleep(mostToOpen, undefined, { ref: false }).then(() => {
    throw new Error(`${connections} connections are not open after ${mostToOpen / 1000} s`);
  });
  await Promise.race([ready.promise, late]).catch(async (error: unknown) => {
    running.stop();
    throw error;
  });
  return { stop };
}
