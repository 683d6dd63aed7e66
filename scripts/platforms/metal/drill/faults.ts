import type { MachineFault, MachineFaultKind } from "../../../drill/platform.ts";
import { unitOf } from "../look.ts";

/** Runs a shell's lines on the server of a machine. @throws Error when they fail */
export type OnServer = (key: string, lines: string) => Promise<unknown>;

type Make = (on: OnServer, keys: readonly string[]) => MachineFault;

const each =
  (on: OnServer, keys: readonly string[], lines: (unit: string) => string) => async (): Promise<void> => {
    await Promise.all(keys.map((key) => on(key, lines(unitOf(key)))));
  };

/** All processes of a machine at once, the supervisor's too; the stop keeps systemd from starting it again. */
const kill: Make = (on, keys) => ({
  strike: each(on, keys, (unit) => `systemctl kill --signal=KILL ${unit}; systemctl stop ${unit}`),
  heal: each(on, keys, (unit) => `systemctl start ${unit}`),
});

/** Not systemd's freezer: that needs the unified hierarchy of control groups. */
const freeze: Make = (on, keys) => ({
  strike: each(on, keys, (unit) => `systemctl kill --signal=STOP ${unit}`),
  heal: each(on, keys, (unit) => `systemctl kill --signal=CONT ${unit}`),
});

/** The fault begins with the signal, not with the end of what the machine still does. */
const stop: Make = (on, keys) => ({
  strike: each(on, keys, (unit) => `systemctl stop --no-block ${unit}`),
  heal: each(on, keys, (unit) => `systemctl stop ${unit}; systemctl start ${unit}`),
});

/** The faults of a server's machines: a server itself lives on, with whatever else stands on it. */
export const unitFaults: Readonly<Record<Exclude<MachineFaultKind, "disconnect" | "cut">, Make>> = {
  kill,
  freeze,
  stop,
};
