import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { exitCodes, UserError } from "../../exit.ts";

/*
 * Who has planned. A seal says that a file is whole; a signature says that a holder of the key has made it. Only a review signs, and
 * only what it has found out itself a moment before: there is no way to have a file signed that somebody brings.
 */

/** Private key as PEM (PKCS #8), or a file with it. */
export const signingKeyVariable = "HOTSPARE_PLAN_SIGNING_KEY";
/** Public keys as PEM (SPKI), one after the other, or a file with them. Where there is one, an unsigned plan is refused. */
export const publicKeyVariable = "HOTSPARE_PLAN_PUBLIC_KEY";

export interface Signature {
  /** SHA-256 of the public key, 16 hexadecimal digits: which of several it was. */
  readonly key: string;
  /** Ed25519 (RFC 8032), base64. */
  readonly value: string;
}

/** A signature of anything else than a plan's hash must not be taken for one. */
const message = (hash: string) => Buffer.from(`hotspare saved plan\n${hash}\n`);

/** The key to sign with; null where there is none. It is taken out of the environment, so that nothing that is started gets it. @throws UserError */
export function takeSigningKey(env: NodeJS.ProcessEnv = process.env): KeyObject | null {
  const pem = pemOf(signingKeyVariable, env);
  delete env[signingKeyVariable];
  delete env[`${signingKeyVariable}_FILE`];
  if (pem === null) return null;
  return ed25519(signingKeyVariable, () => createPrivateKey(pem));
}

/** The keys whose plans are carried out; null where any plan is. @throws UserError */
export function trustedKeys(env: NodeJS.ProcessEnv = process.env): readonly KeyObject[] | null {
  const pem = pemOf(publicKeyVariable, env);
  if (pem === null) return null;
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw wrongKey(publicKeyVariable, "holds no public key");
  return blocks.map((block) => ed25519(publicKeyVariable, () => createPublicKey(block)));
}

export function signatureOf(hash: string, key: KeyObject): Signature {
  return { key: idOf(createPublicKey(key)), value: sign(null, message(hash), key).toString("base64") };
}

export function isSignedBy(keys: readonly KeyObject[], hash: string, { key: id, value }: Signature): boolean {
  return keys.some(
    (key) => idOf(key) === id && verify(null, message(hash), key, Buffer.from(value, "base64")),
  );
}

function idOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
}

function pemOf(variable: string, env: NodeJS.ProcessEnv): string | null {
  const [text, file] = [env[variable], env[`${variable}_FILE`]];
  if (text) return text;
  if (!file) return null;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw wrongKey(`${variable}_FILE`, `can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Messages of node:crypto are left out: they may quote what they were given. */
function ed25519(variable: string, read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw wrongKey(variable, "holds no key that can be read");
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw wrongKey(variable, `holds a key of type ${key.asymmetricKeyType}`);
}

function wrongKey(variable: string, what: string): UserError {
  return new UserError(
    `${variable}: it ${what}; make an Ed25519 key with \`openssl genpkey -algorithm ed25519\` (docs/review.md)`,
    exitCodes.usage,
  );
}
