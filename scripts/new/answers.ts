import { statSync } from "node:fs";
import { join } from "node:path";
import type { StackInput } from "../../components/model/spec.ts";
import { projectRoot } from "../../infra/context.ts";
import { exitCodes, UserError } from "../exit.ts";
import { platforms } from "../platforms/select.ts";

/*
 * What a new stack has to be told: four things, each by a flag or by an answer at the terminal. All else has a default that a person
 * can change in the file.
 */

/** As the command line has them; what is left out is asked for. */
export interface NewOptions {
  platform?: string;
  runs?: string;
  nodes?: string;
  standbys?: string;
  /** Where the nodes listen; of use with an image of one's own. */
  port?: string;
  /** The path that says whether a node is healthy; of use with an image of one's own. */
  health?: string;
}

interface Question {
  readonly option: "platform" | "runs" | "nodes" | "standbys";
  readonly text: string;
  readonly usual: string;
}

/** Kinds of platforms that somebody can begin with, by what a new stack says of each. */
export const starters: ReadonlyMap<string, object> = new Map(
  platforms.flatMap(({ kind, starter }) => (starter === undefined ? [] : [[kind, starter]])),
);

const [usualPlatform = ""] = starters.keys();

export const questions: readonly Question[] = [
  {
    option: "platform",
    text: `Where shall it run? (${[...starters.keys()].join(", ")})`,
    usual: usualPlatform,
  },
  {
    option: "runs",
    text: "What do its nodes run? (sample, an image such as acme/api:1.4, or a folder with a Dockerfile such as ../api)",
    usual: "sample",
  },
  { option: "nodes", text: "How many nodes share the requests?", usual: "3" },
  { option: "standbys", text: "How many more run and wait, to serve when one of them is lost?", usual: "1" },
];

/**
 * The options with an answer for each question.
 *
 * @param ask null where there is no terminal
 * @throws UserError for what is left open without a terminal
 */
export async function answered(
  options: NewOptions,
  ask: ((question: string) => Promise<string>) | null,
): Promise<NewOptions> {
  const open = questions.filter(({ option }) => options[option] === undefined);
  if (open.length > 0 && ask === null) {
    const flags = open.map(({ option, usual }) => `--${option} ${usual}`).join(" ");
    throw new UserError(
      `there is no terminal to ask at, so say what is open on the command line, e.g. ${flags}`,
      exitCodes.usage,
    );
  }
  const all: NewOptions = { ...options };
  for (const { option, text, usual } of open) all[option] = (await ask?.(`${text} [${usual}] `)) || usual;
  return all;
}

/** The stack that the answers come to; not checked by the model yet. @throws UserError for an answer that means nothing */
export function stackOf(name: string, options: NewOptions): StackInput {
  const kind = options.platform ?? "";
  const platform = starters.get(kind);
  if (platform === undefined)
    throw new UserError(
      `--platform: "${kind}" is none of [${[...starters.keys()].join(", ")}]`,
      exitCodes.usage,
    );
  const image = imageOf(options.runs ?? "");
  const hot = countOf("standbys", options.standbys ?? "");
  const own = image.kind !== "sample";
  const pool = {
    ...(own ? { image } : {}),
    ...(own || options.port !== undefined ? { port: countOf("port", options.port ?? "8080") } : {}),
    active: countOf("nodes", options.nodes ?? ""),
    ...(hot > 0 ? { standby: { hot } } : {}),
    ...(own || options.health !== undefined ? { health: { path: options.health ?? "/readyz" } } : {}),
  };
  return { name, environment: "development", platform, pools: { web: pool } } as StackInput;
}

function imageOf(runs: string) {
  if (runs === "sample") return { kind: "sample" } as const;
  return /^\.{0,2}\//.test(runs) || isFolder(runs)
    ? ({ kind: "build", context: runs } as const)
    : ({ kind: "reference", reference: runs } as const);
}

const isFolder = (path: string): boolean =>
  statSync(join(projectRoot, path), { throwIfNoEntry: false })?.isDirectory() ?? false;

function countOf(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UserError(`--${option}: "${text}" is not a whole number`, exitCodes.usage);
}
