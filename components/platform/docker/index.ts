import type * as docker from "@pulumi/docker";
import { dockerTraits } from "../../model/platforms/docker/traits.ts";
import type { ContainerOptions } from "../../plan/container-options.ts";
import type { AccessoryPlan, BalancerPlan, NodePlan, WardenPlan, WorkerPlan } from "../../plan/types.ts";
import type { MachinePlatform, Place } from "../contract.ts";
import { type DeliverFiles, deliverToMachine } from "../planned/delivery.ts";
import { createAccessory } from "./accessory.ts";
import { createBalancer } from "./balancer.ts";
import { createDoor } from "./door.ts";
import { systemSocket } from "./endpoint.ts";
import type { FillVolume } from "./files.ts";
import { createFilter } from "./filter.ts";
import { createNetwork } from "./network.ts";
import { createNode } from "./node.ts";
import { bounded, boundedNode, type LimitProcesses } from "./processes.ts";
import { alone, type StopOthers } from "./singleton.ts";
import { createTask, type RunTask } from "./task.ts";
import { type MakeVolume, withVolumes } from "./volumes.ts";
import { createWarden } from "./warden.ts";
import { createWorker } from "./worker.ts";

/** Changes the arguments of one kind of child just before it is made; returns what to use. */
export interface DockerTransforms {
  readonly network?: (args: docker.NetworkArgs) => docker.NetworkArgs;
  readonly node?: (args: docker.ContainerArgs, node: NodePlan) => docker.ContainerArgs;
  readonly balancer?: (args: docker.ContainerArgs, balancer: BalancerPlan) => docker.ContainerArgs;
  readonly accessory?: (args: docker.ContainerArgs, accessory: AccessoryPlan) => docker.ContainerArgs;
  readonly worker?: (args: docker.ContainerArgs, worker: WorkerPlan) => docker.ContainerArgs;
  readonly door?: (args: docker.ContainerArgs) => docker.ContainerArgs;
  readonly filter?: (args: docker.ContainerArgs) => docker.ContainerArgs;
  readonly warden?: (args: docker.ContainerArgs, warden: WardenPlan) => docker.ContainerArgs;
}

export interface DockerPlatformArgs {
  /** How files get into a running balancer: the Docker API in earnest, a recorder in tests. */
  readonly deliverFiles: DeliverFiles;
  /** Path of the engine's socket on the engine's own host, for the filter; left out: the usual one. */
  readonly engineSocket?: string;
  /** How a container's number of processes is bounded, which the provider can't; left out: it isn't. */
  readonly limitProcesses?: LimitProcesses;
  /** Makes the volumes whose data stay; left out: Docker makes them itself, without a label. */
  readonly makeVolume?: MakeVolume;
  /** Writes the files that containers get; left out: they find none. */
  readonly fillVolume?: FillVolume;
  /** Stops the others of a singleton before the one that is to run is made; left out: they run on. */
  readonly stopOthers?: StopOthers;
  /** Runs a program of a release to its end; left out: it counts as having run. */
  readonly runTask?: RunTask;
  readonly transform?: DockerTransforms;
}

/** Containers on one Docker Engine. A model for development and tests: the host is a single point of failure. */
export function dockerPlatform({
  deliverFiles,
  engineSocket = systemSocket,
  limitProcesses,
  makeVolume,
  fillVolume,
  stopOthers,
  runTask,
  transform = {},
}: DockerPlatformArgs): MachinePlatform {
  const prepared = <P extends Place>(name: string, container: Pick<ContainerOptions, "volumes">, place: P) =>
    withVolumes(name, container, boundedNode(name, place, limitProcesses), makeVolume);
  return {
    kind: "docker",
    machines: "planned",
    traits: dockerTraits,
    network: (name, place) => createNetwork(name, place, transform.network),
    node: (name, node, place) =>
      createNode(name, node, prepared(name, node, place), transform.node, fillVolume),
    accessory: (name, accessory, place) =>
      createAccessory(name, accessory, prepared(name, accessory, place), transform.accessory, fillVolume),
    balancer: (name, balancer, place) =>
      createBalancer(name, balancer, bounded(name, place, limitProcesses), transform.balancer),
    worker: (name, worker, place) => {
      const own = alone(name, worker, prepared(name, worker, place), stopOthers);
      return createWorker(name, worker, own, transform.worker, fillVolume);
    },
    task: (name, task, place) => createTask(name, task, place, { runTask, makeVolume }),
    deliver: (name, machine, files, place) =>
      deliverToMachine(name, machine, files, place, { deliverFiles, machineWord: "container" }),
    door: (name, door, files, place) =>
      createDoor(name, door, files, bounded(name, place, limitProcesses), transform.door),
    filter: (name, filter, place) =>
      createFilter(name, filter, bounded(name, place, limitProcesses), engineSocket, transform.filter),
    warden: (name, warden, place) =>
      createWarden(name, warden, bounded(name, place, limitProcesses), transform.warden),
  };
}
