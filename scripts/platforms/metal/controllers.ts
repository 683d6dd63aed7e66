import type { BmcPlan } from "../../../components/plan/platforms/metal/types.ts";
import { accountSecretsOf, controllersOf } from "../../../infra/power/metal/controllers.ts";
import { openPower } from "../../../infra/power/open.ts";
import type { Controller, Power } from "../../../infra/power/types.ts";
import { pulumi } from "../../engine/command.ts";
import { explain } from "../../engine/stack.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { projectName } from "../../stacks.ts";

/** Servers as a stack or a plan lists them. */
export type Servers = Readonly<
  Record<string, { readonly bmc: BmcPlan | null; readonly serial: string | null }>
>;

const known = new WeakMap<Servers, Promise<ReadonlyMap<string, Controller>>>();

/**
 * The management controllers of servers, by the server's name. None of them is asked yet. Accounts are read once for the same servers.
 *
 * @throws UserError where an account has no value, or one that is none
 */
export function controllersFor(stack: string, servers: Servers): Promise<ReadonlyMap<string, Controller>> {
  const found = known.get(servers) ?? lookUp(stack, servers);
  known.set(servers, found);
  return found;
}

/**
 * Asks a controller something, and ends the session.
 *
 * @param patience milliseconds that all of it may take
 * @throws Error in one sentence
 */
export async function askController<T>(
  controller: Controller,
  patience: number,
  question: (power: Power, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const power = openPower(controller, { request: patience });
  const signal = AbortSignal.timeout(patience);
  try {
    return await question(power, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`${controller.server}: its controller has not answered within ${patience / 1000} s`);
  } finally {
    await power.close();
  }
}

async function lookUp(stack: string, servers: Servers): Promise<ReadonlyMap<string, Controller>> {
  const values = accountSecretsOf(servers).length === 0 ? new Map<string, string>() : await secretsOf(stack);
  const value = (name: string) => {
    const found = values.get(name);
    if (found === undefined)
      throw new UserError(
        `the secret "${name}" has no value, and is the account of a management controller; \`./hotspare secret set ${stack} ${name}\` asks for it`,
        exitCodes.stackProblems,
      );
    return found;
  };
  try {
    return new Map(controllersOf(servers, value).map((controller) => [controller.server, controller]));
  } catch (error) {
    throw error instanceof UserError ? error : new UserError((error as Error).message);
  }
}

async function secretsOf(stack: string): Promise<ReadonlyMap<string, string>> {
  const result = await pulumi(["config", "--json", "--show-secrets", "--stack", stack]);
  if (result.exitCode !== 0)
    throw new UserError(`the settings of "${stack}" could not be read: ${explain(result)}`);
  const known = JSON.parse(result.stdout || "{}") as Readonly<Record<string, { readonly value?: unknown }>>;
  const prefix = `${projectName}:`;
  return new Map(
    Object.entries(known).flatMap(([name, { value }]): [string, string][] =>
      name.startsWith(prefix) && typeof value === "string" ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
