import { createHash } from "node:crypto";

/**
 * What the state may keep of a file that is a secret: tells whether it is another one, and can't be turned back. Only for
 * keys and certificates, which nobody can guess.
 */
export function secretFingerprint(value: string): string {
  return `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 16)}`;
}
