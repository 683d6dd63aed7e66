import { loadavg } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import { benchSchema, machineNow, partDocument } from "../bench/document.ts";
import { measure } from "../bench/measure.ts";
import { parts } from "../bench/parts.ts";
import { markdown } from "../bench/print.ts";
import type { Measured, Part } from "../bench/types.ts";
import { writePage } from "../bench/write.ts";
import { exitCodes, UserError } from "../exit.ts";
import { printJson, say } from "../terminal.ts";

interface BenchOptions {
  readonly rounds?: number;
  readonly write?: boolean;
  readonly json?: boolean;
}

export function registerBench(program: Command): void {
  program
    .command("bench")
    .description("Measure what the kit costs, beside what one would use in its place, all in one run.")
    .argument("[parts...]", "plan, review, up, ephemeral, balancer; all when none is given")
    .option("--rounds <number>", "how often each is run (default: the part's own)", rounds)
    .option("--write", "put the result into docs/performance.md")
    .option("--json", "print one JSON document")
    .action(bench);
}

async function bench(names: string[], { rounds, write = false, json }: BenchOptions): Promise<void> {
  const [before = 0] = loadavg();
  const measured: Measured[] = [];
  for (const part of chosen(names))
    measured.push(await measure(part, rounds ?? part.rounds, (line) => process.stderr.write(`${line}\n`)));
  const document = {
    schema: benchSchema,
    at: new Date().toISOString(),
    machine: machineNow(before),
    parts: measured.map(partDocument),
  } as const;
  if (write) writePage(document);
  if (json) printJson(document);
  else say(markdown(document, () => null));
}

/** @throws UserError for a name that no part has */
function chosen(names: readonly string[]): readonly Part[] {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length === 0)
    return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
  const known = parts.map(({ name }) => name).join(", ");
  throw new UserError(`there is no part "${unknown.join('", "')}"; there are [${known}]`, exitCodes.usage);
}

function rounds(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number from 1 to 9999.");
}
