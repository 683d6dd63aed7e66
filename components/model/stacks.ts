import type { StackInput } from "./spec.ts";

/** How one stack is had: its file is loaded when it is asked for, and not before. */
export type StackEntry = () => Promise<{ readonly default: StackInput }>;

/** Types stacks/index.ts: every stack by the name that Pulumi and the commands know it by. */
export type Stacks = Readonly<Record<string, StackEntry>>;
