import type { Command, Option } from "commander";

/*
 * What a shell needs to know of the command line to complete it: taken from the command line itself, so that it can't be forgotten
 * there. The names of stacks are asked for when they are wanted, since they change.
 */

export interface CompletedOption {
  /** `-f`, `--follow`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What its value is: a path, one of some words, another text; null where it takes none. */
  readonly value: "path" | "text" | readonly string[] | null;
}

export interface CompletedVerb {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments are: one name of a stack, or several; words; paths. */
  readonly takes: "stack" | "stacks" | "paths" | "nothing" | readonly string[];
}

/** The command line's verbs, with `help`, which is the parser's own. */
export function describeVerbs(program: Command): readonly CompletedVerb[] {
  const verbs = program.commands.map(describe);
  const names = verbs.map(({ name }) => name);
  return [...verbs, { name: "help", description: "The help of a command", options: [], takes: names }];
}

function describe(verb: Command): CompletedVerb {
  const help = {
    flags: ["-h", "--help"],
    description: "the help of this command",
    value: null,
  };
  const own = verb.options.filter(({ hidden }) => !hidden).map(describeOption);
  // What is passed on to another program is that program's to complete.
  const passes = verb.registeredArguments.some((argument) => argument.name() === "arguments");
  return {
    name: verb.name(),
    description: firstSentence(verb.description()),
    options: passes ? own : [...own, help],
    takes: takenBy(verb),
  };
}

function takenBy(verb: Command): CompletedVerb["takes"] {
  const [first] = verb.registeredArguments;
  if (first?.argChoices) return first.argChoices;
  const known = { stack: "stack", stacks: "stacks", reports: "paths", filters: "paths" } as const;
  const name = first?.name() ?? "";
  return Object.hasOwn(known, name) ? known[name as keyof typeof known] : "nothing";
}

function describeOption(option: Option): CompletedOption {
  const { short, long, argChoices, flags, description } = option;
  const takesValue = option.required || option.optional;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    value: takesValue ? (argChoices ?? (/<(file|path|folder)>/.test(flags) ? "path" : "text")) : null,
  };
}

const firstSentence = (text: string): string => /^.*?(?=[.;:] |\.$|$)/.exec(text)?.[0] ?? text;

/** A text as one word for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
