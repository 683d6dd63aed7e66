import type { ContainerPart } from "../container.ts";
import type { CertificateKind } from "../tls.ts";

/**
 * What a platform is like. The rules, the planner, reviews and commands ask these and never the platform's name; its adapter
 * has the same data. Plain, and the same for every stack.
 */
export interface PlatformTraits {
  /** Who keeps the machines: the kit makes each one that the plan lists, or an engine of the platform keeps groups at a number. */
  readonly machines: "planned" | "groups";
  /** Who gives out addresses: the kit by a layout of its own, an engine of the platform, or the stack, which lists the servers. */
  readonly addresses: "layout" | "platform" | "given";
  /** Machines that one network takes; null where it is a matter of its addresses alone. */
  readonly machinesPerNetwork: number | null;
  /**
   * Where a node stands that takes another's place: beside that one, which goes last, so that all can be made and removed at once; or in
   * its place, so that only one may be taken at a time.
   */
  readonly successors: "beside" | "in-place";
  /** How a virtual address moves: by gratuitous ARP, by an API call that reassigns it, or there is none. */
  readonly virtualAddress: "arp" | "reassign" | "none";
  /** How a cold standby is switched on: by the container engine, a cloud's API, Redfish, or by nobody of the kit's. */
  readonly power: "engine" | "api" | "redfish" | "none";
  /** How files reach a machine: into a running one by the engine's API or by SSH, or at its first boot. */
  readonly delivery: "engine" | "ssh" | "user-data";
  /** Name of the network card of every machine, where the platform decides it; null where each machine has its own. */
  readonly card: string | null;
  /** Whether the person's own host runs the machines, so that a door on its loopback address makes sense. */
  readonly door: boolean;
  /** Whether the kit's own wardens run there; a platform with engines of its own for it has none. */
  readonly warden: boolean;
  /** Whether everything stands on one host, so that the loss of that host is the loss of the cluster. */
  readonly singleHost: boolean;
  /** Whether packets reach a machine by its MAC address, whatever IP address they are for: what direct routing needs. */
  readonly deliversByMac: boolean;
  /** Whether the adapter makes directors, and nodes that take packets for the virtual address: what a tier of layer 4 needs. */
  readonly directors: boolean;
  /** Kinds of certificates that a TLS listener can have there. */
  readonly certificates: readonly CertificateKind[];
  /** What nodes can be given there beside their image. */
  readonly containers: readonly ContainerPart[];
  /** What nodes can be given that run no container but a unit of their machine; null where there are none. */
  readonly services: readonly ContainerPart[] | null;
  /** Whether single containers with data can stand beside the pools. */
  readonly accessories: boolean;
  /** Whether programs without clients can run beside the pools, by the kit's wardens. */
  readonly workers: boolean;
  /** Whether a program of a release can run beside the nodes before and after it. */
  readonly tasks: boolean;
  /** Ports of a balancer's machine that the kit listens on there, beside those of the balancer's own kind. */
  readonly reservedPorts: readonly { readonly from: number; readonly to: number }[];
}
