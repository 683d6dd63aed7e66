import type * as aws from "@pulumi/aws";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { Place } from "../contract.ts";
import { tags } from "./parts.ts";

/** A statement of a policy of ours. */
export type Statement = {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
} & ({ readonly Resource: readonly string[] | "*" } | { readonly NotResource: readonly string[] });

/** A policy's text. */
export const policy = (statements: readonly Statement[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** Who may take a role: one AWS service, or whoever has another role. */
function assumedBy(principal: { readonly Service: string } | { readonly AWS: string }): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }],
  });
}

/** What every role of the cluster has. @param by the service that takes it, or the role */
export function roleArgs(place: Place, name: string, by: string | aws.iam.Role): aws.iam.RoleArgs {
  const { permissionsBoundary } = awsPlanOf(place.plan);
  return {
    name,
    assumeRolePolicy:
      typeof by === "string" ? assumedBy({ Service: by }) : by.arn.apply((arn) => assumedBy({ AWS: arn })),
    ...(permissionsBoundary === null ? {} : { permissionsBoundary }),
    tags: tags(place, name),
  };
}
