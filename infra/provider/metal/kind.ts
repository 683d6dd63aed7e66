import type { Bag } from "./values.ts";

/** What a call is given besides a resource's inputs. */
export interface Call {
  /** Ends the work: the engine has cancelled, or the resource's time is over. */
  readonly signal: AbortSignal;
  /** Tells people something, beside the resource. */
  readonly warn: (text: string) => Promise<void>;
  /** Outputs that the state has; empty before the first. */
  readonly recorded: Bag;
}

/** One type of resource. All inputs are plain: secrets are unwrapped. */
export interface Kind {
  /** Inputs of which another value is another resource. */
  readonly replacing: readonly string[];
  /** Outputs that only the server knows. */
  readonly found: readonly string[];
  /** What the provider adds to the inputs; a value may be unknown. */
  readonly added: (inputs: Bag) => Bag;
  /** What is wrong with inputs: a property and a reason each. */
  readonly problems: (inputs: Bag) => readonly (readonly [property: string, reason: string])[];
  readonly create: (inputs: Bag, call: Call) => Promise<{ readonly id: string; readonly found: Bag }>;
  /** What is there, as inputs; null when it is gone. @throws Error when that can't be told */
  readonly read: (
    id: string,
    inputs: Bag,
    call: Call,
  ) => Promise<{ readonly inputs: Bag; readonly found: Bag } | null>;
  readonly update: (id: string, olds: Bag, news: Bag, call: Call) => Promise<Bag>;
  readonly remove: (id: string, inputs: Bag, call: Call) => Promise<void>;
}
