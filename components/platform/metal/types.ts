import type { BmcPlan } from "../../plan/platforms/metal/types.ts";
import type { SshTarget } from "./ssh.ts";

/*
 * What is given to the resources of the kit's own provider, `infra/provider/metal`. What stands here is what both agree on.
 */

export const serverType = "hotspare-metal:index:Server";
export const serverFilesType = "hotspare-metal:index:ServerFiles";

/** Whose a server is, as its mark says. */
export interface Mark {
  readonly owner: string;
  readonly stack: string;
}

/** How a server is switched, where it has a management controller. */
export interface Switched {
  readonly bmc?: BmcPlan;
  /** Value of the account's secret, where it is in one. */
  readonly account?: string;
}

/** A server of somebody's: marked as this stack's, known by its serial number. */
export interface ServerInputs extends Switched {
  readonly ssh: SshTarget;
  /** Null: the one that is found the first time. */
  readonly serial: string | null;
  readonly mark: Mark;
  /** Whether packages that came with the kit stay when it is let go; left out: they go. */
  readonly keepPackages?: boolean;
  /** `on`, or a cold standby's, which something else may switch on at any time. A look finds `off` as well. */
  readonly power?: "on" | "standby" | "off";
  /** The cold standby that it carries, and the balancers that would let it serve; for a server that carries one. */
  readonly carries?: { readonly key: string; readonly balancers: Readonly<Record<string, SshTarget>> };
  readonly labels: Readonly<Record<string, string>>;
}

/** What only the server tells. */
export const serverFacts = [
  "foundSerial",
  "system",
  "kernel",
  "architecture",
  "model",
  "cpus",
  "memory",
] as const;

/** What only its management controller tells; `foundPower` and `controllerSerial` as they were found the first time. */
export const controllerFacts = [
  "foundPower",
  "controllerSerial",
  "health",
  "firmware",
  "controller",
] as const;

/** A machine's bundle on a server. `bmc` is there for a cold standby alone, whose server is switched on for it and off again. */
export interface ServerFilesInputs extends Switched {
  /** What a cold standby's controller calls its server; empty where it tells nothing. */
  readonly controllerSerial?: string;
  /** Serial number of the server: another one is another delivery. */
  readonly server: string;
  readonly ssh: SshTarget;
  readonly mark: Mark;
  readonly key: string;
  /** Where the server has to be: its address in the cluster's network, and the card that has it. */
  readonly address: string;
  readonly card: string;
  /** Which programs come with the files; the provider has them from its own checkout. */
  readonly programs: Programs;
  readonly packages: readonly string[];
  /** What its engine has to have before it starts: sent from this machine's, or pulled from its registry. Left out where it runs none. */
  readonly image?: { readonly reference: string; readonly from: "here" | "registry" };
  readonly units: readonly string[];
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of a service's own, by path: base64, and octal mode. Left out where there are none. */
  readonly ownFiles?: Readonly<Record<string, { readonly base64: string; readonly mode: string }>>;
  /** A file with values of secrets, by path; beside `files`, so that these stay readable in a preview. */
  readonly secretFiles: Readonly<Record<string, string>>;
  /** Servers that it switches, by the node's key: of cold standbys, and of nodes that are fenced; left out where it switches none. */
  readonly switches?: Readonly<Record<string, SwitchedServer>>;
  /** The oldest release of Debian whose packages do. */
  readonly release: number;
  /** The address that balancers share, and theirs: nobody else may have it. Null for a machine that never holds it. */
  readonly virtual: { readonly address: string; readonly balancers: readonly string[] } | null;
  /** Ports that it listens on, and nobody else may before. */
  readonly ports: readonly number[];
  /** Balancers that send it requests, by key: they are told before it is changed. None for a machine that gets none by them. */
  readonly balancers: Readonly<Record<string, SshTarget>>;
  /** How long what is under way there may take, and until it is healthy again: milliseconds. */
  readonly pace: { readonly drain: number; readonly patience: number };
  /** Where it answers when it serves; null for one that isn't asked. */
  readonly health: { readonly port: number; readonly path: string; readonly seconds: number } | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface SwitchedServer {
  /** Its name. */
  readonly server: string;
  readonly bmc: BmcPlan;
  /** Value of the account's secret, where it is in one. */
  readonly account?: string;
  /** What its controller calls it; empty where it tells nothing. */
  readonly serial: string;
  /** Whether it carries a node that serves, whose power is cut when it is lost; left out for a cold standby. */
  readonly fenced?: true;
}

export type Programs = "balancer" | "sample" | "warden" | "switching-warden" | "none";
