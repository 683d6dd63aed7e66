import { homedir } from "node:os";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSpec, PlatformSpec } from "../../components/model/spec.ts";
import { clusterLabels } from "../../components/plan/labels.ts";
import type { ClusterPlan, PlanContext } from "../../components/plan/types.ts";
import { dockerClient, engineSocket, resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { dockerTransport } from "../../components/platform/docker/transport.ts";
import { holdLease } from "../../components/platform/planned/lease.ts";
import type { PlatformAccess } from "../../components/platform/select.ts";
import { engineAnswers, imagesAreThere } from "../preflight.ts";
import { runningNodes } from "../running.ts";
import { awsGround } from "./aws/ground.ts";

/** What the program does on a platform before and beside the plan. */
export interface Ground {
  /** What is there already that the plan has to fit. Throws, for people, when the platform can't be reached. */
  readonly observe: (owner: string) => Promise<Pick<PlanContext, "running">>;
  /** Throws, for people, when something that the plan needs is missing. */
  readonly check: (plan: ClusterPlan) => Promise<void>;
  /** Just before something is changed. */
  readonly begin: (plan: ClusterPlan) => Promise<void>;
  /** What the adapter needs of the outside world. */
  readonly access: PlatformAccess;
  /** Options of the cluster: its provider, where the default one doesn't do. */
  readonly options: pulumi.ComponentResourceOptions;
}

/** The ground that a stack stands on. */
export async function groundOf({ platform }: ClusterSpec, stack: string): Promise<Ground> {
  switch (platform.kind) {
    case "docker":
      return dockerGround(stack);
    case "aws":
      return awsGround(platform);
    case "memory":
      return memoryGround;
    case "metal":
      throw notBuilt(platform);
    default:
      return platform satisfies never;
  }
}

function notBuilt({ kind }: PlatformSpec): Error {
  return new Error(`platform.kind: "${kind}" is not built yet`);
}

/** Nothing to reach and nothing to fit: what is planned is noted. */
const memoryGround: Ground = {
  observe: async () => ({}),
  check: async () => {},
  begin: async () => {},
  access: {},
  options: {},
};

function dockerGround(stack: string): Ground {
  const host = resolveDockerHost(process.env, homedir());
  const docker = dockerClient(host);
  return {
    observe: async (owner) => {
      await engineAnswers(docker, stack);
      return { running: await runningNodes(docker, owner, stack) };
    },
    check: (plan) => imagesAreThere(docker, plan, stack),
    begin: (plan) =>
      holdLease(dockerTransport(docker), clusterLabels(plan, stack), `pulumi up (process ${process.pid})`),
    access: { docker, engineSocket: engineSocket(host) },
    options: {},
  };
}
