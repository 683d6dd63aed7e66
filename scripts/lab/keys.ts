import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/*
 * Host keys of the lab's servers: made of their names, so that a stack file can name them before there is a lab. Everybody can make
 * them, which does no harm where nothing but a bridge of this machine leads to them.
 */

export interface HostKey {
  /** As a stack names it: type and base64. */
  readonly public: string;
  /** File of sshd, in OpenSSH's own form (PROTOCOL.key). */
  readonly private: string;
}

const type = "ssh-ed25519";
/** DER before the 32 bytes of an Ed25519 key (RFC 8410). */
const prefix = Buffer.from("302e020100300506032b657004220420", "hex");

export function labHostKey(server: string): HostKey {
  const seed = createHash("sha256").update(`hotspare lab: host key of ${server}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
  const point = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const shared = Buffer.concat([text(type), text(point)]);
  const secret = Buffer.concat([
    // Twice the same number: how OpenSSH sees that a passphrase was right.
    Buffer.from("0000002a0000002a", "hex"),
    shared,
    text(Buffer.concat([seed, point])),
    text(server),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, -secret.length & 7));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    number(1),
    text(shared),
    text(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return {
    public: `${type} ${shared.toString("base64")}`,
    private: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`,
  };
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}
