import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Platform } from "../../components/platform/contract.ts";
import { type DockerTransforms, dockerPlatform } from "../../components/platform/docker/index.ts";
import type { LimitProcesses } from "../../components/platform/docker/processes.ts";
import type { DeliveredFile } from "../../components/platform/planned/transport.ts";
import { known, type Recorded, type Recording, type RecordOptions, record, Secret } from "./record.ts";

/** Files that reached a balancer's container. */
export interface Delivered {
  readonly container: string;
  readonly files: readonly DeliveredFile[];
}

export interface ClusterRecording extends Recording<Cluster> {
  readonly deliveries: readonly Delivered[];
}

export interface ClusterOptions extends RecordOptions {
  /** Whether the tier isn't there yet. */
  readonly isNew?: boolean;
  /** An adapter instead of Docker's. */
  readonly platform?: Platform;
  readonly transform?: DockerTransforms;
  /** Is told which container may have how many processes, once the hooks are run; left out: nobody bounds them. */
  readonly limitProcesses?: LimitProcesses;
  /** Makes options of the cluster, e.g. an explicit provider. */
  readonly options?: () => pulumi.ComponentResourceOptions;
  /** Stands for a balancer that refuses its files. */
  readonly refuse?: (container: string) => string | undefined;
}

/** The name under which every recorded cluster is made. */
export const clusterName = "it";

/** What the named secret holds, in tests. */
export const secretValue = (name: string) => `plain text of ${name}`;

/** Makes a cluster from a plan and records it. Deliveries are recorded as well, once their hooks are run. */
export async function recordCluster(
  plan: ClusterPlan,
  options: ClusterOptions = {},
): Promise<ClusterRecording> {
  const deliveries: Delivered[] = [];
  const docker = dockerPlatform({
    deliverFiles: async ({ machine: container, files }) => {
      const refusal = options.refuse?.(container);
      if (refusal !== undefined) throw new Error(refusal);
      deliveries.push({ container, files });
    },
    ...(options.limitProcesses === undefined ? {} : { limitProcesses: options.limitProcesses }),
    ...(options.transform === undefined ? {} : { transform: options.transform }),
  });
  const recording = await record(
    () =>
      new Cluster(
        clusterName,
        {
          plan,
          platform: options.platform ?? docker,
          stack: "test",
          secret: (name) => pulumi.secret(secretValue(name)),
          isNew: options.isNew ?? false,
        },
        options.options?.(),
      ),
    options,
  );
  return { ...recording, deliveries };
}

/** The one resource of a type (its last part) and name. */
export function find(recording: Recording<unknown>, type: string, name: string): Recorded {
  const found = recording.resources.filter(
    (resource) => resource.type.endsWith(`:${type}`) && resource.name === name,
  );
  const [resource] = found;
  if (resource === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${name}`);
  return resource;
}

/** All resources whose type ends so. */
export function all(recording: Recording<unknown>, type: string): Recorded[] {
  return recording.resources.filter((resource) => resource.type.endsWith(`:${type}`));
}

/** `Container it-web-1` for every URN: short enough to compare lists of. */
export function short(urns: readonly string[]): string[] {
  return urns.map((urn) => {
    const [type = "", name] = urn.split("::").slice(2);
    return `${type.split(":").at(-1)} ${name}`;
  });
}

/** A recorded value as JSON, with secrets hidden as the engine would hide them. */
export function visible(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (inner instanceof Secret ? "[secret]" : inner));
}

export { known };
