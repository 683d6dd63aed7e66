import type { Measured, Part } from "./types.ts";

/**
 * Runs a part. In each round every variant has its turn, and each round begins with another one: what else the machine does, and what it
 * remembers of the run before, then falls on all alike. So ratios mean something where times alone don't.
 */
export async function measure(part: Part, rounds: number, tell: (line: string) => void): Promise<Measured> {
  await using opened = await part.open(tell);
  const { figures, variants } = opened;
  const values: Record<string, Record<string, number[]>> = Object.fromEntries(
    figures.map(({ name }) => [name, Object.fromEntries(variants.map((variant) => [variant.name, []]))]),
  );
  for (let round = 0; round < rounds; round++) {
    const first = round % variants.length;
    for (const { name } of [...variants.slice(first), ...variants.slice(0, first)]) {
      const found = await opened.run(name);
      for (const [figure, value] of Object.entries(found)) values[figure]?.[name]?.push(value);
    }
    tell(`${part.name}: round ${round + 1} of ${rounds}`);
  }
  return { name: part.name, about: part.about, figures, variants, values };
}
