import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of a test's own, and a certificate of it for these names. */
export interface Issued extends Certificate {
  readonly authority: string;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
/** Python asks for it from 3.13 on (RFC 5280, 4.2.1.3), of whoever may sign. */
const usage = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"];

/** Made by openssl in a folder that is the caller's to remove. @param names the first is the common name */
export async function issue(folder: string, names: readonly string[]): Promise<Issued> {
  const at = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(at(name), "utf8");
  const openssl = (...args: string[]) => execa("openssl", args, { stdin: "ignore" });
  const [subject] = names;
  const authority = ["-keyout", at("ca.key"), "-out", at("ca.crt")];
  await openssl("req", "-x509", ...curve, ...usage, "-subj", "/CN=authority of a test", ...authority);
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`;
  const issuer = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-addext", alternatives];
  const own = ["-keyout", at("key"), "-out", at("crt")];
  await openssl("req", "-x509", ...curve, ...usage, "-subj", `/CN=${subject}`, ...issuer, ...own);
  return { authority: read("ca.crt"), certificate: read("crt"), key: read("key") };
}
