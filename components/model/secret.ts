import type { SecretReference } from "./spec.ts";

/**
 * Refers to a secret by name. The value is read from Pulumi config when it is delivered:
 * `./hotspare secret set <stack> <name>`.
 */
export function secret(name: string): SecretReference {
  return { secret: name };
}

/** Whether a value is a reference to a secret and not the value itself. */
export function isSecret(value: string | SecretReference): value is SecretReference {
  return typeof value !== "string";
}
