/** `1 node`, `3 nodes`. */
export function counted(number: number, noun: string): string {
  return `${number} ${plural(number, noun)}`;
}

/** `node` for one, `nodes` for any other number. */
export function plural(number: number, noun: string): string {
  return number === 1 ? noun : `${noun}s`;
}
