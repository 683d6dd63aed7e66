import { existsSync, writeSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { moduleEnding, projectRoot } from "./project-root.ts";
import { withheldVariable } from "./withheld.ts";

/*
 * The program in which a stack file runs, started by infra/stack-source.ts: `stack-reader.ts <stack>`. What it found goes to file
 * descriptor 3. Then it ends, whatever the file has left running.
 */

/** What was found. */
export type Reading =
  | { readonly kind: "stack"; readonly input: unknown }
  /** There is no stack of this name. */
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly message: string };

export interface Answer {
  readonly reading: Reading;
  /** Names of all stacks; null where stacks/index.ts itself can't be loaded. */
  readonly names: readonly string[] | null;
  /** What Pulumi knows each by, by its name; null with the names. */
  readonly ids: Readonly<Record<string, string>> | null;
  /** Variables that the stack asked for and that aren't set; noted only where somebody withholds them. */
  readonly missed: readonly string[];
}

const [, , name = "", index = join(projectRoot, "stacks/index.ts")] = process.argv;
const missed = new Set<string>();

await answer(await read());

async function read(): Promise<Omit<Answer, "missed">> {
  if (process.env[withheldVariable]) noteMissedVariables();
  // A project that has the kit as a package hands over the stacks that its tests want, and needs no others.
  if (moduleEnding === ".js" && !existsSync(index))
    return { reading: { kind: "absent" }, names: [], ids: {} };
  let known: Pick<Answer, "names" | "ids"> = { names: null, ids: null };
  try {
    const { stacks } = (await import(index)) as { stacks: Record<string, unknown> };
    const ids = Object.fromEntries(Object.entries(stacks).map(([key, entry]) => [key, idOf(key, entry)]));
    known = { names: Object.keys(stacks), ids };
    const twice = takenTwice(ids);
    if (twice !== null) return { reading: { kind: "failed", message: twice }, ...known };
    // By its name, or by what Pulumi knows it by.
    const [key] = Object.entries(ids).find(([key, id]) => key === name || id === name) ?? [];
    if (key === undefined) return { reading: { kind: "absent" }, ...known };
    return { reading: { kind: "stack", input: await inputOf(stacks[key]) }, ...known };
  } catch (error) {
    return { reading: { kind: "failed", message: placed(error) }, ...known };
  }
}

/** A line with an id; an older stacks/index.ts has the stacks themselves, which may have one too. */
function isWithId(entry: unknown): entry is { readonly id: unknown; readonly load: unknown } {
  return typeof entry === "object" && entry !== null && "id" in entry && "load" in entry;
}

function idOf(key: string, entry: unknown): string {
  return isWithId(entry) ? String(entry.id) : key;
}

/** What is wrong with the ids: each name and each id must mean one stack; and Pulumi takes no names but such. */
function takenTwice(ids: Readonly<Record<string, string>>): string | null {
  const all = Object.entries(ids);
  for (const [key, id] of all) {
    if (key === id) continue;
    if (!/^[\w.-]{1,100}$/.test(id))
      return `stacks/index.ts: the id ${JSON.stringify(id)} of "${key}" is none; give the name that the stack had`;
    const [other] =
      all.find(([otherKey, otherId]) => otherKey !== key && (otherKey === id || otherId === id)) ?? [];
    if (other !== undefined)
      return `stacks/index.ts: "${id}", the id of "${key}", means "${other}" as well; an id is the name that a stack had when it was brought up, so give it to that stack alone`;
  }
  return null;
}

/** An entry loads its file; an older stacks/index.ts has the stacks themselves. */
async function inputOf(entry: unknown): Promise<unknown> {
  const load = isWithId(entry) ? entry.load : entry;
  return typeof load === "function" ? ((await load()) as { default: unknown }).default : load;
}

async function answer(found: Omit<Answer, "missed">): Promise<void> {
  const whole: Answer = { ...found, missed: [...missed].sort() };
  writeAll(await encoded(whole));
  process.exit(0);
}

/** A pipe takes a part at a time. */
function writeAll(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}

async function encoded(whole: Answer): Promise<Buffer> {
  try {
    return serialize(whole);
  } catch (error) {
    const places = whole.reading.kind === "stack" ? await placesOfNoData(whole.reading.input) : [];
    const what =
      places.length > 0 ? places.join("\n") : error instanceof Error ? error.message : String(error);
    const message = `the stack "${name}" holds what is no data:\n${what}`;
    return serialize({ ...whole, reading: { kind: "failed", message } });
  }
}

/** What can't leave this process, each with its path. Loaded only then: a stack is data nearly always. */
async function placesOfNoData(input: unknown): Promise<string[]> {
  const [{ plainData }, { formatProblem }] = await Promise.all([
    import("../components/model/data.ts"),
    import("../components/model/problem.ts"),
  ]);
  const { data, problems } = plainData(input);
  const functions = pathsOfFunctions(data, "").map(
    (path) => `${path}: a function is no data; write its value`,
  );
  return [...problems.map(formatProblem), ...functions];
}

/** In a copy, which has neither circles nor getters. */
function pathsOfFunctions(data: unknown, path: string): string[] {
  if (typeof data === "function") return [path];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    pathsOfFunctions(value, Array.isArray(data) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}

/** An error with the place that it comes from, which its message alone doesn't tell. */
function placed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, url, line] = /(file:\/\/[^\s:)]+):(\d+)/.exec(error.stack ?? "") ?? [];
  const message = error.message.replaceAll(`${projectRoot}/`, "");
  return url === undefined
    ? message
    : `${relative(projectRoot, fileURLToPath(url))}, line ${line}: ${message}`;
}

/** Variables that stack files ask for in vain; what packages ask for is their own affair. */
function noteMissedVariables(): void {
  const env = process.env;
  const note = (variable: string | symbol) => {
    if (typeof variable !== "string" || variable in env) return;
    const [, , , caller = ""] = (new Error().stack ?? "").split("\n");
    if (caller.includes("file://") && !caller.includes("/node_modules/")) missed.add(variable);
  };
  process.env = new Proxy(env, {
    get(target, variable) {
      note(variable);
      return Reflect.get(target, variable);
    },
    has(target, variable) {
      note(variable);
      return Reflect.has(target, variable);
    },
  });
}
