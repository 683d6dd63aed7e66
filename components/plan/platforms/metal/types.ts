import type { ImageSpec } from "../../../model/spec.ts";

/** The balancers' program that runs a stack's own until that has moved the address. */
export const moverProgram = "/usr/lib/hotspare/move-address";

/** What only a platform of people's own servers knows of a cluster. */
export interface MetalPlan {
  readonly kind: "metal";
  /** Servers that carry something, by name, in the stack's order. */
  readonly servers: Readonly<Record<string, ServerPlan>>;
  /** Names of those that carry nothing. */
  readonly spare: readonly string[];
  /** What moves the address, where ARP doesn't; left out else. */
  readonly moveAddress?: readonly string[];
  /** Pools of which a lost node's server loses its power before a standby takes its place; left out where there are none. */
  readonly fence?: readonly string[];
  /** Whether packages stay on servers that are left; left out where they don't. */
  readonly keepPackages?: true;
  /** What the nodes of each pool run. */
  readonly images: Readonly<Record<string, ImageSpec>>;
}

/** A server, and what it becomes. */
export interface ServerPlan {
  readonly ssh: SshPlan;
  /** Address in the cluster's network, and the card that has it. */
  readonly address: string;
  readonly card: string;
  /** Null where the stack says none: what is found the first time counts. */
  readonly serial: string | null;
  /** Its management controller; null for a server without one. */
  readonly bmc: BmcPlan | null;
  readonly rack: string | null;
  readonly feed: string | null;
  /** Keys of the machines on it: at most one balancer with its warden, and one node. */
  readonly machines: readonly string[];
}

/** How a server is reached. */
export interface SshPlan {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly jump: string | null;
  /** Its public key: type and base64. */
  readonly hostKey: string;
  /** Path of the private key to log in with. */
  readonly identity: string | null;
}

/** How a server's management controller is reached. */
export interface BmcPlan {
  readonly kind: "redfish" | "ipmi";
  readonly host: string;
  /** Null for the usual one of its kind. */
  readonly port: number | null;
  /** Where `user:password` is: in a named secret, or in a file of whichever machine asks it. */
  readonly account: { readonly secret: string } | { readonly file: string };
  /** `sha256:` and the digest of its certificate. */
  readonly certificate: string | null;
  readonly onDelete: "as-found" | "off";
}
