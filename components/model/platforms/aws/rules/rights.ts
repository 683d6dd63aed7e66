import { eachPool, type PoolRule } from "./pool-rule.ts";
import { repeated } from "./repeated.ts";
import type { AwsRule } from "./rule.ts";

const policiesUsed: PoolRule = ({ path, options, pool }) =>
  options.policies.length > 0 && pool.image.kind === "sample"
    ? [
        {
          code: "aws.policies-unused",
          path: `${path}.policies`,
          message: "the sample asks AWS for nothing, and credentials are for containers",
          hint: 'leave them out, or name an image: { kind: "reference", reference: "…" }',
        },
      ]
    : [];

const policiesDiffer: PoolRule = ({ path, options: { policies } }) => repeated(policies, `${path}.policies`);

const registryOfImage: PoolRule = ({ path, name, options, pool }) => {
  const { registry } = options;
  if (registry === null || pool.image.kind === "build") return [];
  const reference = pool.image.kind === "reference" ? pool.image.reference : null;
  // What has no name of a registry in front is Docker Hub's.
  const server = reference === null ? null : (/^([^/]*[.:][^/]*)\//.exec(reference)?.[1] ?? "docker.io");
  if (server === registry.server) return [];
  return [
    {
      code: "aws.registry-unused",
      path: `${path}.registry.server`,
      message:
        server === null
          ? `pools.${name}.image is the sample, which comes from no registry`
          : `pools.${name}.image comes from ${server}, and the sign-in is for ${registry.server}`,
      hint: server === null ? "leave the registry out" : `use "${server}", or leave the registry out`,
    },
  ];
};

export const rightsRules: readonly AwsRule[] = [policiesUsed, policiesDiffer, registryOfImage].map(eachPool);
