/** A behaviour that was tried, as a row of the table in docs/balancer.md. */
export interface Tried {
  readonly what: string;
  /** The rule or report that it is from. */
  readonly from: string;
  /** What comes of it. */
  readonly result: string;
  /** What is sent, each on a connection of its own; a character for each byte. */
  readonly send: readonly string[];
  /** What must come of each. */
  readonly expect: RegExp;
  /** What must not. */
  readonly never?: RegExp;
}

/** A row of the table. */
export const rowOf = ({ what, from, result }: Tried): string => `| ${what} | ${from} | ${result} |`;
