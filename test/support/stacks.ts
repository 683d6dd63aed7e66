import { stacks as entries } from "../../stacks/index.ts";

/** Every stack of stacks/, loaded. */
export const stacks: Readonly<Record<string, unknown>> = Object.fromEntries(
  await Promise.all(
    Object.entries(entries).map(async ([name, load]) => [name, (await load()).default] as const),
  ),
);
