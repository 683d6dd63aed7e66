import { z } from "zod";
import { label, port, secretReference } from "../../schema/common.ts";

const hostName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, {
    error: (issue) => `${JSON.stringify(issue.input)} is neither a host name nor an IPv4 address`,
  })
  .meta({ what: "host name or IPv4 address" });

const account = z
  .string()
  .max(32)
  .regex(/^[a-z_][a-z0-9_-]*$/, {
    error: (issue) => `${JSON.stringify(issue.input)} is not the name of a Linux account`,
  })
  .meta({ what: "account" });

/** A path on the machine that runs the commands. */
const pathOfOwn = z
  .string()
  .max(300)
  .regex(/^[^"\\\s%]+$/);

const ssh = z.strictObject({
  host: hostName.describe("Where SSH answers; often the server's `address`, or one of a network for people."),
  user: account.describe("Account to log in as: root, or one that may use sudo without a password."),
  port: port.default(22).describe("Port of SSH."),
  jump: z
    .string()
    .max(300)
    .regex(/^[A-Za-z0-9_.@:-]+$/)
    .nullable()
    .default(null)
    .describe(
      "Host to go through, `user@host:port`; its key is looked up in your own known_hosts. `null` for none.",
    ),
  hostKey: z
    .string()
    .regex(/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,2}$/, {
      error: () =>
        'is no public key of a host: "ssh-ed25519 AAAA…", as in /etc/ssh/ssh_host_ed25519_key.pub without the comment',
    })
    .meta({ what: "public key of a host" })
    .describe("The server's own key, `ssh-keyscan -t ed25519 <host>` prints it. No other is trusted."),
  identity: pathOfOwn
    .nullable()
    .default(null)
    .describe(
      "Path of the private key to log in with, never the key; `null`: what ssh finds, e.g. an agent.",
    ),
});

const bmc = z
  .strictObject({
    kind: z.enum(["redfish", "ipmi"]).describe("What it speaks."),
    host: hostName.describe("Where it answers."),
    port: port.nullable().default(null).describe("Its port; `null` for 443, with IPMI 623."),
    account: z
      .union([secretReference, z.strictObject({ file: pathOfOwn })])
      .meta({ what: 'secret, `secret("name")`, or `{ file: "path" }`' })
      .describe(
        "Where `user:password` is: in a secret, or in a file on whichever machine asks the controller. Rights to switch power are enough.",
      ),
    certificate: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .nullable()
      .default(null)
      .describe(
        "SHA-256 digest of its certificate, for one that nobody has signed: `openssl s_client -connect <host>:443 </dev/null | openssl x509 -noout -fingerprint -sha256`, in small letters without colons.",
      ),
    onDelete: z
      .enum(["as-found", "off"])
      .default("as-found")
      .describe(
        "What becomes of its power when the stack leaves the server: `as-found` on or off as at the first `up`, or `off`.",
      ),
  })
  .describe("Management controller.");

const server = z.strictObject({
  ssh: ssh.describe("How it is reached."),
  address: z.ipv4().describe("Its address in the cluster's network."),
  interface: z
    .string()
    .max(15)
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]*$/)
    .default("eth0")
    .describe("Network card that has the address; the virtual address comes onto the same."),
  serial: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
    .nullable()
    .default(null)
    .describe(
      "Its serial number, else its machine id; another one there is never written to. `null`: what is found the first time.",
    ),
  bmc: bmc.nullable().default(null).describe("Its management controller; `null` for none."),
  rack: label(24).nullable().default(null).describe("Rack that it stands in."),
  feed: label(24).nullable().default(null).describe("Power feed that it hangs on."),
});

/** The shape of this platform. */
export const metalSchema = z
  .strictObject({
    kind: z.literal("metal"),
    servers: z
      .record(label(24), server)
      .describe("The servers by name. Each can carry one balancer and one node."),
    assign: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        'Which machine stands on which server, e.g. `{ "web-1": "r1-u04" }`; the plan places the others.',
      ),
    fence: z
      .array(label(24))
      .max(20)
      .default([])
      .describe(
        "Pools of which a lost node's server loses its power, by its management controller, before a cold standby takes its place: for nodes that must never write beside the one that follows them. It stays off until the next `up`. Where the controller doesn't confirm that the power is off, nobody takes the place until a person has taken the node out (`./hotspare cordon`).",
      ),
    moveAddress: z
      .array(
        z
          .string()
          .min(1)
          .max(1000)
          .regex(/^[\x20-\x7e]+$/),
      )
      .min(1)
      .max(20)
      .refine(([program = ""]) => program.startsWith("/"), {
        error: 'begins with the path of a program, e.g. "/usr/local/sbin/move-address"',
      })
      .meta({ what: "program and arguments" })
      .nullable()
      .default(null)
      .describe(
        "Program with its arguments that root runs on the balancer that gets the virtual address, until it ends with 0: for networks that drop gratuitous ARP, where an address moves by a provider's API. It has to be on the balancers' servers, and is told `HOTSPARE_ADDRESS` and `HOTSPARE_SERVER`. `null`: ARP is enough.",
      ),
    keepPackages: z
      .boolean()
      .default(false)
      .describe("Whether Debian packages that came with the kit stay on a server that the stack leaves."),
  })
  .describe("Servers that you own or rent, with Debian, reached by SSH.");
