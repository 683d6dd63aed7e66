import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";

/*
 * Certificates of the lab's management controllers, made of their names as its host keys are, so that a stack file can name their digests
 * before there is a lab. Everybody can make them, which does no harm where nothing but a bridge of this machine leads to them.
 */

export interface ControllerCertificate {
  readonly key: string;
  readonly certificate: string;
  /** As a stack names it. */
  readonly digest: string;
}

const ed25519 = Buffer.from("06032b6570", "hex");
/** DER before the 32 bytes of a key (RFC 8410). */
const prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Signed by itself, as controllers come from their makers. @param name of the server */
export function controllerCertificate(name: string): ControllerCertificate {
  const seed = createHash("sha256").update(`hotspare lab: controller of ${name}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
  const der = signed(name, seed.subarray(0, 8), key);
  return {
    key: key.export({ format: "pem", type: "pkcs8" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
    digest: `sha256:${createHash("sha256").update(der).digest("hex")}`,
  };
}

/** RFC 5280, with nothing that is optional but the version's absence. */
function signed(name: string, number: Buffer, key: KeyObject): Buffer {
  const algorithm = sequence(ed25519);
  const who = sequence(tlv(0x31, sequence(Buffer.from("0603550403", "hex"), tlv(0x0c, Buffer.from(name)))));
  const body = sequence(
    tlv(0x02, Buffer.concat([Buffer.from([1]), number])),
    algorithm,
    who,
    sequence(tlv(0x17, Buffer.from("250101000000Z")), tlv(0x18, Buffer.from("20990101000000Z"))),
    who,
    createPublicKey(key).export({ format: "der", type: "spki" }),
  );
  return sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), sign(null, body, key)])));
}

const sequence = (...parts: readonly Buffer[]) => tlv(0x30, Buffer.concat(parts));

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
