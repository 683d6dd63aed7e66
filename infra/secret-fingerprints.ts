import { scryptSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { containersOf } from "../components/model/containers.ts";
import { isSecret } from "../components/model/secret.ts";
import type { ClusterSpec } from "../components/model/spec.ts";
import { tierSecrets } from "../components/plan/tiers/select.ts";

/**
 * Fingerprints of the secrets that machines are made with: those in the nodes' environments and files, and a certificate of yours. They end up, hashed once more, in a label that anybody on
 * the Docker Engine can read, so they are made slow to guess: a short password can't be found by trying them all.
 */
export function secretFingerprints(spec: ClusterSpec, owner: string): Record<string, string> {
  const references = containersOf(spec).flatMap(({ container }) => [
    ...Object.values(container.environment).filter(isSecret),
    ...Object.values(container.files).flatMap(({ content }) => ("secret" in content ? [content] : [])),
  ]);
  const names = new Set([...references, ...tierSecrets(spec)].map(({ secret }) => secret));
  const values = pulumi.runtime.allConfig();
  return Object.fromEntries(
    [...names].map((name) => {
      const value = values[`${pulumi.getProject()}:${name}`] ?? "";
      return [name, scryptSync(value, `${owner}/${name}`, 8).toString("hex")];
    }),
  );
}
