import { containerParts } from "../../model/container.ts";

/*
 * Which changes end a machine, and which reach it while it goes on. Docker's provider decides it (ForceNew in
 * terraform-provider-docker's resource_docker_container.go and resource_docker_network.go); a test holds these lists against
 * what the adapter makes of each field.
 */

/** How a machine takes changes. */
export interface Replacement {
  /** Fields of its plan of which another value replaces it. */
  readonly fields: readonly string[];
  /** Whether its files are part of it, so that another file replaces it; else they are delivered in place. */
  readonly files: boolean;
  /** Whether it stands in the cluster's network, and goes with it. */
  readonly networked: boolean;
  /** Whether the new one is made before the old one goes: only for what gets another name and address. */
  readonly order: "create-first" | "delete-first";
}

const container = ["name", "hostname", "image", "cpus"];

/** Of programs without clients: whatever their kind, their memory alone changes in place. */
function perKind(worker: Replacement) {
  return { worker, singleton: worker, scheduled: worker };
}

/** By role; on a platform whose machines have a fixed name, all but nodes leave their place first. */
export const replacement = {
  balancer: { fields: [...container, "address"], files: false, networked: true, order: "delete-first" },
  director: { fields: [...container, "address"], files: false, networked: true, order: "delete-first" },
  // Whatever else a node is made of is in its fingerprint.
  node: { fields: ["fingerprint"], files: false, networked: true, order: "create-first" },
  door: {
    fields: [...container, "address", "httpPort", "tlsPort", "services"],
    files: true,
    networked: true,
    order: "delete-first",
  },
  warden: { fields: [...container, "address"], files: true, networked: true, order: "delete-first" },
  // Its memory alone changes in place; how long it may take to end is asked when it ends.
  accessory: {
    fields: [...container, ...containerParts, "environment", "ready"],
    files: false,
    networked: true,
    order: "delete-first",
  },
  ...perKind({
    fields: [...container, ...containerParts, "environment", "health"],
    files: false,
    networked: true,
    order: "delete-first",
  }),
  filter: { fields: container, files: false, networked: false, order: "delete-first" },
} as const satisfies Readonly<Record<string, Replacement>>;

/** Fields of the network's plan of which another value replaces it, and with it all that stands in it. */
export const networkFields = ["name", "subnet", "gateway", "virtualAddress", "dynamicRange"] as const;

/** What every machine is replaced for; nothing of one platform goes on on another. */
export const clusterFields = ["platform", "owner", "cluster"] as const;
