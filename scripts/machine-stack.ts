import { stackIds, stackName } from "../infra/stack-source.ts";
import { exitCodes, UserError } from "./exit.ts";
import { defaultStack, planOf } from "./stacks.ts";

export interface Meant {
  readonly stack: string;
  readonly machines: string[];
}

/**
 * Where a person has named a machine in the stack's place (`logs web-1`): the usual stack if it has such a machine, else the only one that
 * has. All else is taken as it was said.
 *
 * @throws UserError that names the stacks where several have it
 */
export function stackOfMachine(said: string, machines: readonly string[]): Meant {
  const meant = { stack: said, machines: [...machines] };
  const ids = stackIds();
  if (ids.includes(said) || !/^[a-z][a-z0-9-]*$/.test(said)) return meant;
  const named = [said, ...machines];
  const found = ids.includes(defaultStack) && hasMachine(defaultStack, said) ? [defaultStack] : [];
  const holders = found.length > 0 ? found : ids.filter((stack) => hasMachine(stack, said));
  const [stack, ...others] = holders;
  if (stack === undefined) return meant;
  if (others.length > 0) {
    throw new UserError(
      `"${said}" is no stack, and a machine of several: say which one of [${holders.map(stackName).join(", ")}] before it`,
      exitCodes.usage,
    );
  }
  process.stderr.write(`${said} is a machine of "${stackName(stack)}".\n`);
  return { stack, machines: named };
}

/** Whether a stack plans such a machine; one whose file has problems has none. */
function hasMachine(stack: string, key: string): boolean {
  try {
    const {
      balancers,
      directors,
      nodes,
      door,
      wardens,
      filter,
      accessories = [],
      workers = [],
    } = planOf(stack);
    const inFront = directors?.machines ?? [];
    return [...balancers, ...inFront, ...nodes, ...accessories, ...workers, ...wardens, door, filter].some(
      (machine) => machine?.key === key,
    );
  } catch {
    return false;
  }
}
