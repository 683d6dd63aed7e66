import { type Fields, isUnknown } from "../catalogue/types.ts";

/** A resource as a rule sees it. */
export interface Subject {
  readonly token: string;
  readonly inputs: Fields;
  /** What it had before; left out for a new one. */
  readonly before?: Fields;
}

/** Another resource that is there, with what others know it by. */
export interface Neighbour {
  readonly token: string;
  readonly inputs: Fields;
  readonly outputs: Fields;
}

/** What AWS would refuse. */
export interface Problem {
  /** Path of the input. */
  readonly path: string;
  /** With the value, and where the rule is from. */
  readonly message: string;
}

/** A rule about one resource by itself. */
export type Rule = (subject: Subject) => Problem[];

/** A rule about one resource among the others of its account and region, itself left out. */
export type RuleBeside = (subject: Subject, others: readonly Neighbour[]) => Problem[];

/** A rule for the resources of some types; tokens without `aws:`. */
export function on(types: readonly string[], rule: (inputs: Fields) => Problem[]): Rule {
  const tokens = types.map((type) => `aws:${type}`);
  return ({ token, inputs }) => (tokens.includes(token) ? rule(inputs) : []);
}

/** One problem where `refused` holds, else none. */
export function refuse(refused: boolean, path: string, message: string): Problem[] {
  return refused ? [{ path, message }] : [];
}

/** Those of a type; without `aws:`. */
export const ofType = (others: readonly Neighbour[], type: string): Neighbour[] =>
  others.filter(({ token }) => token === `aws:${type}`);

/** Text of an input that is there and known, else null. */
export function textAt(inputs: Fields, key: string): string | null {
  const value = inputs[key];
  return typeof value === "string" && !isUnknown(value) ? value : null;
}

/** An inner object of the inputs; empty where there is none. */
export const within = (inputs: Fields, key: string): Fields => (inputs[key] ?? {}) as Fields;
