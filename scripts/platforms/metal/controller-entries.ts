import type { PowerFacts, PowerState } from "../../../infra/power/types.ts";
import { askController, controllersFor, type Servers } from "./controllers.ts";

/** Milliseconds that a controller may take for all that is asked of it. */
const patience = 15_000;

/** What a server's management controller tells. */
export interface ControllerEntry {
  /** Null where it doesn't answer: why is in `silent`. */
  readonly power: PowerState | null;
  readonly facts: PowerFacts | null;
  /** What is wrong with the server, or why it doesn't come; a sentence each. */
  readonly causes: readonly string[];
  readonly silent: string | null;
}

/** Of each server that has one, by name. */
export async function controllersEntries(
  stack: string,
  servers: Servers,
): Promise<ReadonlyMap<string, ControllerEntry>> {
  const controllers = await controllersFor(stack, servers);
  const entries = [...controllers].map(async ([name, controller]) => {
    const entry = await askController(
      controller,
      patience,
      async (power, signal): Promise<ControllerEntry> => {
        const { power: state } = await power.status(signal);
        const facts = await power.facts(signal);
        return { power: state, facts, causes: await power.causes(signal).catch(() => []), silent: null };
      },
    ).catch(
      (error: Error): ControllerEntry => ({ power: null, facts: null, causes: [], silent: error.message }),
    );
    return [name, entry] as const;
  });
  return new Map(await Promise.all(entries));
}
