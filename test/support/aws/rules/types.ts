import type { Fields } from "../catalogue/types.ts";

/** A resource as a rule sees it. */
export interface Subject {
  readonly token: string;
  readonly inputs: Fields;
  /** What it had before; left out for a new one. */
  readonly before?: Fields;
}

/** What AWS would refuse. */
export interface Problem {
  /** Path of the input. */
  readonly path: string;
  /** With the value, and where the rule is from. */
  readonly message: string;
}
