import { appendFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { execa } from "execa";
import { counted } from "../../components/model/words.ts";
import { stackId } from "../../infra/stack-source.ts";
import { cliFile } from "../cli-file.ts";
import { withSignals } from "../engine/interrupt.ts";
import { after, left, now } from "../ephemeral/clock.ts";
import { create } from "../ephemeral/create.ts";
import { fillPool } from "../ephemeral/fill.ts";
import { groundOf } from "../ephemeral/ground.ts";
import { forgetPools, wantPool } from "../ephemeral/pool.ts";
import { type EphemeralRecord, ownershipOf } from "../ephemeral/record.ts";
import { type Removed, remove } from "../ephemeral/remove.ts";
import { parseSpan } from "../ephemeral/span.ts";
import { startReaper } from "../ephemeral/start-reaper.ts";
import { all, change, known } from "../ephemeral/store.ts";
import { environmentIn } from "../ephemeral/surroundings.ts";
import { due, sweepDue } from "../ephemeral/sweep.ts";
import { exitCodes, UserError } from "../exit.ts";
import { defaultStack, sourceOf } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { Progress } from "../toolchain/progress.ts";

interface JsonOption {
  readonly json?: boolean;
}

interface UpOptions extends JsonOption {
  readonly ttl: string;
  readonly name?: string;
  readonly keepOnFailure?: boolean;
  /** Whether one of that name is removed before. */
  readonly replace?: boolean;
  /** File that gets what a workflow goes on with. */
  readonly outputs?: string;
}

const jsonWords = "print one JSON document";
const ttlWords = "how long it stands, e.g. 30m, 2h, 1d";

export function registerEphemeral(program: Command): void {
  const ephemeral = program
    .command("ephemeral")
    .description(
      "Clusters for a while: private, many at once, and gone when their time is over or their owner dies.",
    );
  // Whatever is done here, somebody looks after clusters whose time is over.
  ephemeral.hook("preAction", startReaper);
  ephemeral
    .command("up")
    .description("Stand one up from a stack. Its name, network and ports are its own.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--ttl <span>", ttlWords, "1h")
    .option("--name <name>", "by default the stack's and four digits")
    .option("--replace", "remove one of the same name first")
    .option("--outputs <file>", "append name, url and port to it, a line each: $GITHUB_OUTPUT in a workflow")
    .option("--keep-on-failure", "leave what doesn't stand as it is, to look at, until its time is over")
    .option("--json", jsonWords)
    .action(up);
  ephemeral.command("list").description("All that are there.").option("--json", jsonWords).action(list);
  ephemeral
    .command("extend")
    .description("Let one stand longer: so long from now.")
    .argument("<name>")
    .requiredOption("--ttl <span>", ttlWords)
    .option("--json", jsonWords)
    .action(extend);
  ephemeral
    .command("pause")
    .description(
      "Stop all machines of one where they stand; they take memory and no processor. Its time goes on.",
    )
    .argument("<name>")
    .action((name: string) => pause(name, true));
  ephemeral
    .command("resume")
    .description("Let them go on.")
    .argument("<name>")
    .action((name: string) => pause(name, false));
  ephemeral
    .command("pool")
    .description(
      "Keep some of a stack ready and paused: the next `up` of it takes one and has it at once, and another is made in its place.",
    )
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .requiredOption("--size <number>", "how many; 0 removes those that are there", poolSize)
    .option("--ttl <span>", "how long one stands that nobody takes", "8h")
    .option("--json", jsonWords)
    .action(pool);
  ephemeral
    .command("logs")
    .description("What its machines wrote.")
    .argument("<name>")
    .argument("[machines...]", "all when none is given")
    .action((name: string, machines: string[]) => run(name, ["logs", known(name).stack, ...machines]));
  ephemeral
    .command("in")
    .description(
      "Run another command on one, e.g. `ephemeral in dev-1f2e status` or `... drill --only node-killed`.",
    )
    .argument("<name>")
    .argument("<command>", "without a stack's name")
    .argument("[options...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action((name: string, command: string, options: string[]) =>
      run(name, [command, known(name).stack, ...options]),
    );
  ephemeral
    .command("down")
    .description("Remove some at once, whatever is at work on them.")
    .argument("[names...]")
    .option("--all", "all of them")
    .option("--if-there", "one that is gone already is no failure")
    .option("--json", jsonWords)
    .action(down);
  ephemeral
    .command("sweep")
    .description(
      "Remove those whose time is over or whose owner has died. Every command here does so as well, by the way.",
    )
    .option("--dry-run", "only say which")
    .option("--json", jsonWords)
    .action(sweep);
}

async function up(stack: string, options: UpOptions): Promise<void> {
  const { ttl, name, keepOnFailure = false, replace = false, outputs, json } = options;
  if (replace && name === undefined)
    throw new UserError("--replace: of which? say its name with --name", exitCodes.usage);
  if (replace) await Promise.all(ofNames([name ?? ""], true).map(remove));
  const interrupt = new AbortController();
  const record = await withSignals(
    () => interrupt.abort(),
    () =>
      create({
        source: { input: sourceOf(stack).input, images: null },
        stack,
        name,
        ttl: parseSpan(ttl),
        heldByThis: false,
        keepOnFailure,
        progress: new Progress(),
        watch: { told: (line) => process.stderr.write(`${line}\n`), signal: interrupt.signal },
      }),
  );
  if (outputs !== undefined) appendFileSync(outputs, outputLines(record));
  if (json) return printJson(shown(record));
  say(`${record.name} answers at ${record.url} until ${record.expires.at}`);
  say(`Next: ./hotspare ephemeral in ${record.name} status   ./hotspare ephemeral down ${record.name}`);
}

interface PoolOptions extends JsonOption {
  readonly size: number;
  readonly ttl: string;
}

async function pool(stack: string, { size, ttl, json }: PoolOptions): Promise<void> {
  const told = (line: string) => process.stderr.write(`${line}\n`);
  const filling = { progress: new Progress(), watch: { told } };
  const { input } = sourceOf(stack);
  if (size === 0) {
    for (const kind of forgetPools(stackId(stack))) await fillPool(kind, filling);
    if (json) return printJson({ pool: null, clusters: [] });
    return say(`No cluster of ${stack} is kept.`);
  }
  const kind = wantPool({ stack, source: { input, images: null }, size, ttl: parseSpan(ttl) });
  const records = await fillPool(kind, filling);
  if (json) return printJson({ pool: kind, clusters: records.map(shown) });
  say(`Kept for the next ones of ${stack}: ${records.map(({ name }) => name).join(", ")}`);
}

function poolSize(text: string): number {
  if (/^(\d|1\d|20)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number from 0 to 20.");
}

function outputLines({ name, url }: EphemeralRecord): string {
  return `name=${name}\nurl=${url ?? ""}\nport=${url === null ? "" : new URL(url).port}\n`;
}

/** Of a record what concerns others than us. */
function shown(record: EphemeralRecord) {
  const { name, stack, owner, state, url, created, expires, holder } = record;
  return { name, stack, owner, state, url, created, expires: expires.at, holder: holder?.pid ?? null };
}

function list({ json }: JsonOption): void {
  const records = all();
  if (json) printJson({ clusters: records.map(shown) });
  else if (records.length === 0) say("There is no ephemeral cluster.");
  else table(records);
}

function table(records: readonly EphemeralRecord[]): void {
  const rows = records.map((record) => {
    const minutes = Math.max(0, Math.ceil(left(record.expires, now()) / 60_000));
    return [record.name, record.stack, record.state, `${minutes} min left`, record.url ?? "–"];
  });
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    say(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

function extend(name: string, { ttl, json }: JsonOption & { readonly ttl: string }): void {
  const span = parseSpan(ttl);
  known(name);
  const record = change(name, { expires: after(span, now()) });
  if (json) printJson(shown(record));
  else say(`${name} stands until ${record.expires.at}`);
}

async function pause(name: string, isPaused: boolean): Promise<void> {
  const record = known(name);
  const ground = await groundOf(record);
  const owned = ownershipOf(record);
  await (isPaused ? ground.pause(owned) : ground.resume(owned));
  // Whoever pauses or resumes one by its name has taken it.
  change(name, { state: isPaused ? "paused" : "ready", pooled: null });
  say(
    isPaused ? `${name} is paused; \`./hotspare ephemeral resume ${name}\` lets it go on` : `${name} goes on`,
  );
}

/** Another command, on this cluster; it may be a person's, with a terminal, and its exit code is ours. */
async function run(name: string, args: readonly string[]): Promise<void> {
  const { exitCode } = await execa(process.execPath, [cliFile, ...args], {
    env: environmentIn(known(name)),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  process.exitCode = exitCode ?? exitCodes.failed;
}

async function down(
  names: string[],
  {
    all: every = false,
    ifThere = false,
    json,
  }: JsonOption & { readonly all?: boolean; readonly ifThere?: boolean },
): Promise<void> {
  if (names.length === 0 && !every)
    throw new UserError("say which, or --all; `./hotspare ephemeral list` has their names", exitCodes.usage);
  const records = every ? all() : ofNames(names, ifThere);
  const removed = await Promise.all(records.map(remove));
  if (json) return printJson({ removed });
  for (const one of removed) say(removedWords(one));
  if (removed.length === 0) say(every ? "There is no ephemeral cluster." : "It is gone already.");
}

/** @param ifThere whether those that aren't there are left out @throws UserError for one that isn't */
function ofNames(names: readonly string[], ifThere: boolean): EphemeralRecord[] {
  const there = all().map(({ name }) => name);
  return names.filter((name) => !ifThere || there.includes(name)).map(known);
}

async function sweep({ dryRun = false, json }: JsonOption & { readonly dryRun?: boolean }): Promise<void> {
  if (dryRun) {
    const found = due().map(({ record, why }) => ({ name: record.name, why }));
    if (json) return printJson({ due: found });
    for (const { name, why } of found) say(`${name} would be removed: ${why}`);
    if (found.length === 0) say("Nothing would be removed.");
    return;
  }
  const removed: Removed[] = [];
  const failures = await sweepDue((one) => removed.push(one));
  const failed = failures.map((error) => (error as Error).message);
  if (json) printJson({ removed, failed });
  else for (const one of removed) say(removedWords(one));
  if (!json && removed.length + failed.length === 0) say("Nothing was left behind.");
  if (failed.length > 0) throw new UserError(failed.join("\n"));
}

const removedWords = ({ name, things, processes }: Removed) =>
  `Removed ${name}: ${things} of its containers, networks and volumes; ended ${counted(processes, "program")}.`;
