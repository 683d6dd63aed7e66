import type { Command } from "commander";
import { keyMeant } from "../../components/model/identity.ts";
import { nodeKeys } from "../../components/model/node-keys.ts";
import type { ClusterSpec } from "../../components/model/spec.ts";
import { exitCodes, UserError } from "../exit.ts";
import type { PlatformTasks, TaskStreams } from "../platforms/inside.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { specOf } from "../stacks.ts";

export function registerExec(program: Command): void {
  program
    .command("exec")
    .description("Run a program on a machine: `exec dev web-1 -- ls /srv`; without one, a shell.")
    .argument("<stack>", "name of the stack")
    .argument("<machine>", "key such as web-1, or an accessory's name")
    .argument("[command...]", "program and arguments, after `--`; `sh` without one")
    .action(async (stack: string, machine: string, command: string[]) => {
      const tasks = await tasksOf(stack);
      const { pools } = specOf(stack);
      const known = Object.values(pools).flatMap((pool) => nodeKeys(pool));
      const words = command.length > 0 ? command : ["sh"];
      process.exitCode = await tasks.exec(keyMeant(pools, known, machine), words, ownStreams());
    });
}

export function registerRun(program: Command): void {
  program
    .command("run")
    .description(
      "Run a program once, in a container of a pool's release: `run dev web -- ./manage.py migrate`.",
    )
    .argument("<stack>", "name of the stack")
    .argument("<pool>", "name of the pool")
    .argument("<command...>", "program and arguments, after `--`")
    .action(async (stack: string, pool: string, command: string[]) => {
      const tasks = await tasksOf(stack);
      process.exitCode = await tasks.run(poolId(specOf(stack).pools, pool), command, ownStreams());
    });
}

/** @throws UserError where the platform has nothing of the kind */
export async function tasksOf(stack: string): Promise<PlatformTasks> {
  const platform = platformOfKnown(stack);
  if (platform.tasks === undefined)
    throw new UserError(
      `tasks ${platform.place} are not built yet; reach its machines by what the platform has`,
      exitCodes.usage,
    );
  return platform.tasks(stack);
}

function poolId(pools: ClusterSpec["pools"], said: string): string {
  const pool = Object.values(pools).find(({ id, name }) => id === said || name === said);
  if (pool !== undefined) return pool.id;
  const names = Object.values(pools).map(({ name }) => name);
  throw new UserError(`there is no pool ${said}; there are [${names.join(", ")}]`, exitCodes.usage);
}

/** This process's own, as a terminal where a person sits at it. */
function ownStreams(): TaskStreams {
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, terminal };
}
