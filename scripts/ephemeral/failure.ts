import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../exit.ts";
import type { EphemeralGround, EphemeralMachine } from "../platforms/contract.ts";
import { type EphemeralRecord, ownershipOf } from "./record.ts";
import { root } from "./store.ts";

/** Lines of a machine's log that an error has, and that are kept. */
const [shown, kept] = [50, 1000];

/**
 * Why a cluster doesn't stand, with what its machines wrote: those that don't run in the error, all of them in a folder that stays, since
 * the machines themselves go.
 */
export async function keepWhy(
  record: EphemeralRecord,
  ground: EphemeralGround,
  error: Error,
): Promise<UserError> {
  const machines = await ground.machines(ownershipOf(record)).catch(() => []);
  const folder = join(root(), "failed", record.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stopped = machines.filter(({ role, running }) => !running && role !== "cold");
  await Promise.all(
    machines.map(async (machine) =>
      writeFileSync(join(folder, `${machine.key}.log`), await logOf(machine, kept)),
    ),
  );
  const words = await Promise.all(
    stopped.map(
      async (machine) => `${machine.key}: ${machine.state}\n${indented(await logOf(machine, shown))}`,
    ),
  );
  const message = [error.message, ...words, `The machines' logs are in ${folder}`].join("\n");
  writeFileSync(join(folder, "error.txt"), `${message}\n`);
  return new UserError(message, error instanceof UserError ? error.exitCode : undefined);
}

const logOf = (machine: EphemeralMachine, lines: number) =>
  machine.logs(lines).catch((error: Error) => `(its log can't be read: ${error.message})`);

const indented = (text: string) => text.replaceAll(/^/gm, "  ");
