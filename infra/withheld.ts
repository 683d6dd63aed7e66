/** Set where stacks are planned without the environment of the person or the CI, as in a review. */
export const withheldVariable = "HOTSPARE_WITHHELD";

/** The line on stderr by which a stack that is planned so tells what it asked for. */
export function withheldLine(stack: string, variables: readonly string[]): string {
  return `hotspare: the stack "${stack}" reads [${variables.join(", ")}], which a review withholds`;
}

/** The variables of such lines in a text. */
export function withheldIn(text: string): string[] {
  const lines = text.matchAll(/^hotspare: the stack ".*" reads \[(.*)\], which a review withholds$/gm);
  return [...new Set([...lines].flatMap(([, names = ""]) => names.split(", ")))];
}
