import type { Calls, Named, NamedCalls, Part, Tagged } from "./types.ts";

const ec2 = (...calls: string[]) => calls.map((call) => `ec2:${call}`);

interface Rights {
  readonly make?: readonly string[];
  readonly beside?: readonly Tagged[];
  readonly keep?: readonly string[];
  readonly look: readonly string[];
}

/** Calls about things of EC2. */
export const tagged = (
  part: Part,
  thing: Tagged,
  { make = [], beside = [], keep = [], look }: Rights,
): Calls => ({
  kind: "tagged",
  part,
  thing,
  make: ec2(...make),
  beside,
  keep: ec2(...keep),
  look: ec2(...look),
});

/** Calls about things of one service that have a name; those of another one with its name before a colon. */
export const named = (
  part: Part,
  thing: Named,
  service: string,
  all: readonly string[],
  look: readonly string[] = [],
): NamedCalls => ({
  kind: "named",
  part,
  thing,
  all: all.map((call) => `${service}:${call}`),
  look: look.map((call) => (call.includes(":") ? call : `${service}:${call}`)),
});
