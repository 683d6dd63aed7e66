import * as pulumi from "@pulumi/pulumi";
import { own } from "../../model/own.ts";
import { metalTraits } from "../../model/platforms/metal/traits.ts";
import { isSecret } from "../../model/secret.ts";
import { metalPlanOf, serverOf } from "../../plan/platforms/metal/part.ts";
import type { BmcPlan } from "../../plan/platforms/metal/types.ts";
import type { BalancerPlan, ClusterPlan, MachinePlan, NodePlan, WardenPlan } from "../../plan/types.ts";
import { virtualAddressOf } from "../../plan/virtual-address.ts";
import { environmentFile } from "../../render/machine/environment-file.ts";
import type { MachineFiles } from "../../render/machine/files.ts";
import { renderBalancer } from "../../render/metal/balancer.ts";
import { renderMover } from "../../render/metal/mover.ts";
import { renderNode, secretEnvironment } from "../../render/metal/node.ts";
import { renderWardenMachine, wardenPort } from "../../render/metal/warden.ts";
import type {
  MachinePlatform,
  NetworkedPlace,
  Place,
  ProvisionedMachine,
  ProvisionedNetwork,
} from "../contract.ts";
import { type DeliverFiles, deliverToMachine } from "../planned/delivery.ts";
import { Server, ServerFiles, type Wrapped } from "./resources.ts";
import { targetOf } from "./transport.ts";
import type { Programs, ServerFilesInputs, ServerInputs, Switched, SwitchedServer } from "./types.ts";

export interface MetalPlatformArgs {
  /** How configuration gets to a running balancer of a plan: by SSH in earnest, a recorder in tests. */
  readonly deliverFiles: (plan: ClusterPlan) => DeliverFiles;
}

/** Servers that people own, reached by SSH. */
export function metalPlatform({ deliverFiles }: MetalPlatformArgs): MachinePlatform {
  return {
    kind: "metal",
    machines: "planned",
    traits: metalTraits,
    network: createServers,
    node: createNode,
    balancer: createBalancer,
    warden: createWarden,
    deliver: (name, machine, files, place) =>
      deliverToMachine(name, machine, files, place, {
        deliverFiles: deliverFiles(place.plan),
        machineWord: "machine",
      }),
    door: (name) => {
      throw new Error(`${name}: servers are reached at the virtual address, so there is no door`);
    },
  };
}

/** The network is there; the servers in it are what all machines share. */
function createServers(name: string, place: Place): ProvisionedNetwork {
  const { plan, labels } = place;
  const { servers, keepPackages } = metalPlanOf(plan);
  const resources = Object.fromEntries(
    Object.entries(servers).map(([server, { ssh, serial, bmc, machines }]) => [
      server,
      new Server(
        `${name}-${server}`,
        {
          ssh: { ...ssh, name: server },
          serial,
          mark: markOf(place),
          labels,
          ...(bmc === null ? {} : powerOf(plan, machines)),
          ...switchedBy(bmc, place),
          ...(keepPackages === true ? { keepPackages } : {}),
        },
        place.options,
      ),
    ]),
  );
  return { id: pulumi.output(plan.network.name), resources };
}

/** The cold standby among machines of a server, which carries nothing else. */
function standbyOf({ nodes }: ClusterPlan, machines: readonly string[]): NodePlan | undefined {
  return nodes.find(({ key, role }) => role === "cold" && machines.includes(key));
}

/** How a server with a controller is to be switched. */
function powerOf(plan: ClusterPlan, machines: readonly string[]): Pick<ServerInputs, "power" | "carries"> {
  const standby = standbyOf(plan, machines);
  if (standby === undefined) return { power: "on" };
  return { power: "standby", carries: { key: standby.key, balancers: balancersOf(plan) } };
}

const balancersOf = (plan: ClusterPlan) =>
  Object.fromEntries(plan.balancers.map(({ key }) => [key, targetOf(plan, key)]));

/** Nothing for a server without a controller, so that its resources are what they were. */
function switchedBy(bmc: BmcPlan | null, place: Place): Wrapped<Switched> {
  if (bmc === null) return {};
  return "secret" in bmc.account ? { bmc, account: place.secret(bmc.account.secret) } : { bmc };
}

const markOf = ({ labels, plan }: Place) => ({
  owner: plan.owner,
  stack: labels["hotspare.stack"] ?? plan.cluster,
});

function createNode(name: string, node: NodePlan, place: NetworkedPlace): ProvisionedMachine {
  const { plan } = place;
  const pool = plan.pools.find((candidate) => candidate.name === node.pool);
  const secrets = Object.entries(node.environment).flatMap(([variable, value]) =>
    isSecret(value) ? [[variable, place.secret(value.secret)] as const] : [],
  );
  const { kind = "sample" } = own(metalPlanOf(plan).images, node.pool) ?? {};
  return createMachine(name, node, place, {
    bundle: renderNode(plan, node),
    ...(Object.keys(node.files ?? {}).length > 0 ? { ownFiles: ownFilesOf(node) } : {}),
    ...(kind === "sample" || kind === "service"
      ? {}
      : {
          image: {
            reference: node.image,
            from: kind === "build" ? ("here" as const) : ("registry" as const),
          },
        }),
    balancers: balancersOf(plan),
    virtual: null,
    release: 12,
    programs: kind === "sample" ? "sample" : "none",
    ports: [node.port],
    health: {
      port: node.port,
      path: pool?.health.path ?? "/",
      seconds: Math.ceil(plan.rollout.patience / 1000),
    },
    secretFiles:
      secrets.length === 0
        ? {}
        : pulumi.secret(
            pulumi.all(Object.fromEntries(secrets)).apply((values) => ({
              [secretEnvironment]: environmentFile(values),
            })),
          ),
  });
}

/** Those of a plain service; the model lets none with secrets through. */
function ownFilesOf({ files = {} }: NodePlan): NonNullable<ServerFilesInputs["ownFiles"]> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, { content, mode }]) => {
      if ("secret" in content) return [];
      const base64 = "base64" in content ? content.base64 : Buffer.from(content.text).toString("base64");
      return [[path, { base64, mode }]];
    }),
  );
}

function createBalancer(name: string, balancer: BalancerPlan, place: NetworkedPlace): ProvisionedMachine {
  const { httpPort, tls } = place.plan.tier;
  return createMachine(name, balancer, place, {
    bundle: renderBalancer(renderMover(place.plan, serverOf(place.plan, balancer.key).name)),
    balancers: {},
    virtual: {
      address: virtualAddressOf(place.plan),
      balancers: place.plan.balancers.map(({ address }) => address),
    },
    // nginx since 1.25.1 takes HTTP/2 as a line of its own.
    release: 13,
    programs: "balancer",
    ports: [httpPort, ...(tls === null ? [] : [tls.port])],
    // It waits for its configuration; the delivery of that asks it.
    health: null,
    secretFiles: {},
  });
}

/** On the server of its balancer. It is healthy when its balancer tells it what it sees. */
function createWarden(name: string, warden: WardenPlan, place: NetworkedPlace): ProvisionedMachine {
  const standbys = switchedServers(place);
  const kinds = standbys.map(([, { bmc }]) => bmc.kind);
  return createMachine(name, warden, place, {
    bundle: renderWardenMachine(place.plan, warden, kinds),
    balancers: {},
    virtual: null,
    release: 13,
    programs: standbys.length > 0 ? "switching-warden" : "warden",
    ports: [wardenPort],
    health: { port: wardenPort, path: "/healthz", seconds: 30 },
    secretFiles: {},
    ...(standbys.length > 0
      ? {
          switches: pulumi.output(Object.fromEntries(standbys)) as pulumi.Output<
            Record<string, SwitchedServer>
          >,
        }
      : {}),
  });
}

/** The servers of cold standbys and of nodes that are fenced, by the node's key. */
function switchedServers({ plan, network, ...place }: NetworkedPlace) {
  const { fence = [] } = metalPlanOf(plan);
  return plan.nodes.flatMap(({ key, role, pool }) => {
    const { name: server, bmc } = serverOf(plan, key);
    const made = network.resources[server];
    const fenced = role !== "cold" && fence.includes(pool);
    if ((role !== "cold" && !fenced) || bmc === null || !(made instanceof Server)) return [];
    const { account } = bmc;
    const value = "secret" in account ? { account: place.secret(account.secret) } : {};
    const all = { server, bmc, ...value, serial: made.controllerSerial, ...(fenced ? { fenced } : {}) };
    return [[key, all] as const];
  });
}

interface Content
  extends Pick<
    ServerFilesInputs,
    "ports" | "health" | "release" | "balancers" | "virtual" | "image" | "ownFiles"
  > {
  readonly bundle: MachineFiles;
  readonly programs: Programs;
  readonly secretFiles: pulumi.Input<Record<string, string>>;
  readonly switches?: pulumi.Output<Record<string, SwitchedServer>>;
}

function createMachine(
  name: string,
  { key }: MachinePlan,
  place: NetworkedPlace,
  { bundle, ...content }: Content,
): ProvisionedMachine {
  const { plan, network, options, labels } = place;
  const { name: serverName, address, card, bmc } = serverOf(plan, key);
  const server = network.resources[serverName];
  if (!(server instanceof Server)) throw new Error(`${name}: the server ${serverName} wasn't made`);
  const files = new ServerFiles(
    name,
    {
      ...content,
      server: server.id,
      ssh: targetOf(plan, key),
      mark: markOf(place),
      key,
      address,
      card,
      pace: { drain: plan.rollout.drain, patience: plan.rollout.patience },
      packages: bundle.packages,
      units: bundle.units,
      files: bundle.files,
      labels,
      ...(standbyOf(plan, [key]) !== undefined
        ? { ...switchedBy(bmc, place), controllerSerial: server.controllerSerial }
        : {}),
    },
    options,
  );
  return { id: files.id, address: pulumi.output(address), ready: [files], resources: { files } };
}
