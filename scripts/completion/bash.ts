import type { CompletedOption, CompletedVerb } from "./describe.ts";

/** The completion script for bash. */
export function bashCompletion(verbs: readonly CompletedVerb[]): string {
  return `# Completion of hotspare for bash; in ~/.bashrc: source <(/path/to/hotspare completion bash)
_hotspare_stacks() {
  "\${COMP_WORDS[0]/#\\~/$HOME}" completion --stacks 2>/dev/null
}
_hotspare() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb= given=0 options= takes= index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$verb \${COMP_WORDS[index - 1]}" in
      ${verbs.flatMap(valueWords).join("|")}) continue ;;
    esac
    case \${COMP_WORDS[index]} in
      -*) ;;
      *) if [ -z "$verb" ]; then verb=\${COMP_WORDS[index]}; else given=$((given + 1)); fi ;;
    esac
  done
  case "$verb $before" in
${verbs.flatMap(valuesOf).join("\n")}
  esac
  case $verb in
    "") options="--help --version" takes="${verbs.map(({ name }) => name).join(" ")}" ;;
${verbs.map(verbCase).join("\n")}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")); return ;;
  esac
  case $takes in
    stack) [ "$given" -eq 0 ] && COMPREPLY=($(compgen -W "$(_hotspare_stacks)" -- "$word")) ;;
    stacks) COMPREPLY=($(compgen -W "$(_hotspare_stacks)" -- "$word")) ;;
    paths) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$takes" -- "$word")) ;;
  esac
}
complete -F _hotspare hotspare
`;
}

function verbCase({ name, options, takes }: CompletedVerb): string {
  const flags = options.flatMap((option) => option.flags).join(" ");
  const taken = typeof takes === "string" ? takes.replace("nothing", "") : takes.join(" ");
  return `    ${name}) options="${flags}" takes="${taken}" ;;`;
}

/** The options of a verb that a value follows, each as `"verb --option"`. */
const valueWords = (verb: CompletedVerb): string[] =>
  verb.options.filter(({ value }) => value !== null).map((option) => wordsOf(verb, option));

const wordsOf = ({ name }: CompletedVerb, { flags }: CompletedOption): string =>
  flags.map((flag) => `"${name} ${flag}"`).join("|");

function valuesOf(verb: CompletedVerb): string[] {
  return verb.options.flatMap((option) => {
    const { value } = option;
    if (value === null) return [];
    const reply =
      value === "path"
        ? `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$word")); return`
        : value === "text"
          ? "return"
          : `COMPREPLY=($(compgen -W "${value.join(" ")}" -- "$word")); return`;
    return [`    ${wordsOf(verb, option)}) ${reply} ;;`];
  });
}
