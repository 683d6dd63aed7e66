import type * as pulumi from "@pulumi/pulumi";
import { known, type Recorded, type Recording } from "../support/record.ts";

/** What the adapter registered: all but the suite's own two. */
export const own = ({ resources }: Recording<unknown>) =>
  resources.filter(({ name }) => !["parent", "before"].includes(name));

export const urnOf = (resource: pulumi.Resource) => known(resource.urn);

/** The registration of a resource that an adapter returned. */
export async function registered(
  { resources }: Recording<unknown>,
  resource: pulumi.Resource | undefined,
): Promise<Recorded> {
  const urn = resource && (await urnOf(resource));
  const found = resources.find((candidate) => candidate.urn === urn);
  if (found === undefined) throw new Error(`${urn} was never registered`);
  return found;
}
