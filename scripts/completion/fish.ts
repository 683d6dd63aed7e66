import { type CompletedOption, type CompletedVerb, quoted } from "./describe.ts";

/** The completion script for fish. */
export function fishCompletion(verbs: readonly CompletedVerb[]): string {
  return `# Completion of hotspare for fish; in ~/.config/fish/config.fish: /path/to/hotspare completion fish | source
function __hotspare_stacks
    set -l words (commandline -opc)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    $program completion --stacks 2>/dev/null
end
complete -c hotspare -f
complete -c hotspare -n __fish_use_subcommand -l help -s h -d ${quoted("the help")}
complete -c hotspare -n __fish_use_subcommand -l version -s V -d ${quoted("versions of the kit, of Node and of Pulumi")}
${verbs.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ name, description, options, takes }: CompletedVerb): string[] {
  const inVerb = `complete -c hotspare -n ${quoted(`__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from help`)}`;
  return [
    `complete -c hotspare -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ...options.map((option) => `${inVerb} ${optionWords(option)}`),
    ...takenWords(name, takes).map(
      (words) =>
        `${name === "help" ? "complete -c hotspare -n '__fish_seen_subcommand_from help'" : inVerb} ${words}`,
    ),
  ];
}

function optionWords({ flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const taken =
    value === null
      ? []
      : value === "path"
        ? ["-r", "-F"]
        : value === "text"
          ? ["-x"]
          : ["-x", "-a", quoted(value.join(" "))];
  return [...names, ...taken, "-d", quoted(description)].join(" ");
}

function takenWords(name: string, takes: CompletedVerb["takes"]): string[] {
  switch (takes) {
    case "stack":
    case "stacks":
      return [`-a '(__hotspare_stacks)' -d stack`];
    case "paths":
      return ["-F"];
    case "nothing":
      return [];
    default:
      return [`-a ${quoted(takes.filter((word) => word !== name).join(" "))}`];
  }
}
