import { typeOf } from "../catalogue/index.ts";
import type { Fields } from "../catalogue/types.ts";

/** A resource as a rule sees it. */
export interface Subject {
  readonly token: string;
  readonly inputs: Fields;
}

/** What AWS would refuse. */
export interface Problem {
  /** Path of the input. */
  readonly path: string;
  readonly message: string;
}

/** What of one resource AWS would refuse. */
export function check({ token }: Subject, _region: string): Problem[] {
  typeOf(token);
  return [];
}
