import { machineTypes } from "./machines.ts";
import { networkTypes } from "./network.ts";
import { serviceTypes } from "./services.ts";
import type { ResourceType } from "./types.ts";

/** All known types by their token. */
export const catalogue: ReadonlyMap<string, ResourceType> = new Map(
  Object.entries({ ...networkTypes, ...machineTypes, ...serviceTypes }),
);

/** @throws Error for a type that nothing is known of */
export function typeOf(token: string): ResourceType {
  const type = catalogue.get(token);
  if (type === undefined)
    throw new Error(`nothing is known of the type ${token}: add it to test/support/aws/catalogue`);
  return type;
}
