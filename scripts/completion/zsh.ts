import { type CompletedOption, type CompletedVerb, quoted } from "./describe.ts";

/** The completion script for zsh. */
export function zshCompletion(verbs: readonly CompletedVerb[]): string {
  const described = verbs.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  return `#compdef hotspare
# Completion of hotspare for zsh; in ~/.zshrc, behind compinit: source <(/path/to/hotspare completion zsh)
_hotspare_stacks() {
  local -a stacks
  stacks=(\${(f)"$(\${~_hotspare_program} completion --stacks 2>/dev/null)"})
  compadd -a stacks
}
_hotspare() {
  local _hotspare_program=\${(Q)words[1]}
  local -a verbs
  verbs=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then compadd -- --help --version; else _describe command verbs; fi
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${verbs.map(verbCase).join("\n")}
  esac
}
compdef _hotspare hotspare
`;
}

function verbCase({ name, options, takes }: CompletedVerb): string {
  const specs = [...options.map(optionSpec), ...argumentSpecs(takes)];
  return `    ${name}) _arguments -s ${specs.join(" ")} ;;`;
}

function optionSpec({ flags, description, value }: CompletedOption): string {
  const explained = `[${description.replace(/[[\]]/g, "\\$&").replaceAll(":", "\\:")}]`;
  const action =
    value === null
      ? ""
      : `:value:${value === "path" ? "_files" : value === "text" ? "" : `(${value.join(" ")})`}`;
  const [only = ""] = flags;
  if (flags.length === 1) return quoted(`${only}${explained}${action}`);
  return `${quoted(`(${flags.join(" ")})`)}{${flags.join(",")}}${quoted(`${explained}${action}`)}`;
}

function argumentSpecs(takes: CompletedVerb["takes"]): string[] {
  switch (takes) {
    case "stack":
      return [quoted("1:stack:_hotspare_stacks")];
    case "stacks":
      return [quoted("*:stack:_hotspare_stacks")];
    case "paths":
      return [quoted("*:file:_files")];
    case "nothing":
      return [];
    default:
      return [quoted(`1:word:(${takes.join(" ")})`)];
  }
}
