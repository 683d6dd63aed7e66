import type { ClusterPlan } from "../../../components/plan/types.ts";
import { accountSecretsOf, controllersOf } from "../../../infra/power/metal/controllers.ts";
import { openPower } from "../../../infra/power/open.ts";
import type { Power, PowerTimes } from "../../../infra/power/types.ts";
import { pulumi } from "../../engine/command.ts";
import { explain } from "../../engine/stack.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { projectName } from "../../stacks.ts";

/** A server that can be switched, with what is on it. */
export interface Switchable {
  readonly power: Power;
  readonly machines: readonly string[];
}

/**
 * The servers of a plan that have a management controller, by name. Nothing is asked of them yet; whoever asks closes them.
 *
 * @throws UserError where an account has no value, or one that is none
 */
export async function switchableServers(
  stack: string,
  plan: ClusterPlan,
  times: Partial<PowerTimes> = {},
): Promise<ReadonlyMap<string, Switchable>> {
  const values = accountSecretsOf(plan).length === 0 ? new Map<string, string>() : await secretsOf(stack);
  const value = (name: string) => {
    const found = values.get(name);
    if (found === undefined)
      throw new UserError(
        `the secret "${name}" has no value, and is the account of a management controller; \`./hotspare secret set ${stack} ${name}\` asks for it`,
        exitCodes.stackProblems,
      );
    return found;
  };
  return new Map(
    controllersOf(plan, value).map(({ controller, machines }) => [
      controller.server,
      { power: openPower(controller, times), machines },
    ]),
  );
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
