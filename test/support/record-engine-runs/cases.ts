import { cascades } from "./cases-cascade.ts";
import { adoption, lifecycle } from "./cases-lifecycle.ts";
import { replacements } from "./cases-own.ts";
import { trouble, values } from "./cases-trouble.ts";
import type { LabProvider } from "./provider.ts";

/** One recorded run: the program as it is when the state is made, then as it is when the engine looks at it. */
export interface Case {
  /** Name of the fixture. */
  readonly name: string;
  /** @param after whether this is the run that is recorded */
  readonly program: (after: boolean) => void;
  /** The command whose events are recorded; else `preview`. */
  readonly command?: readonly string[];
  /** Further arguments of that command. */
  readonly args?: readonly string[];
  /** Pulumi commands between the two, e.g. `state taint`. */
  readonly between?: readonly (readonly string[])[];
  /** Id of a thing that exists from the start and belongs to no stack. */
  readonly exists?: string;
  /** What happens behind the engine's back between the two. */
  readonly meddle?: (provider: LabProvider) => void;
  /** A program that is applied between the two and fails on its way. */
  readonly failing?: () => void;
  /** Ends the recording in the middle of that event, counted from 0. */
  readonly cut?: number;
  /** Ends the engine in the middle of its run. */
  readonly kill?: true;
  /** Nothing was made before. */
  readonly fresh?: boolean;
  /** Folder of the policy pack, beside this file. */
  readonly policies?: string;
}

export const cases: readonly Case[] = [
  ...replacements,
  ...cascades,
  ...adoption,
  ...lifecycle,
  ...values,
  ...trouble,
];
