import type { StackInput } from "./spec.ts";

/** How one stack is had: its file is loaded when it is asked for, and not before. */
export type StackLoader = () => Promise<{ readonly default: StackInput }>;

/**
 * A stack's line. With an `id` Pulumi's state, its settings and all labels go by that and not by the name: for a stack that stands
 * and gets another name.
 */
export type StackEntry = StackLoader | { readonly id: string; readonly load: StackLoader };

/** Types stacks/index.ts: every stack by the name that people and commands call it by. */
export type Stacks = Readonly<Record<string, StackEntry>>;
