import { clusterLabels } from "../../../components/plan/labels.ts";
import {
  dockerClient,
  engineSocket,
  resolveDockerHost,
} from "../../../components/platform/docker/endpoint.ts";
import { labelFilter } from "../../../components/platform/docker/label-filter.ts";
import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { holdLease } from "../../../components/platform/planned/lease.ts";
import { homeFolder } from "../../folders.mjs";
import type { Ground } from "../contract.ts";
import { dockerAnswers, imagesAreThere } from "./preflight.ts";
import { runningNodes } from "./running.ts";

/** A stack on the Docker Engine that the `docker` command would use. */
export function dockerGround(stack: string): Ground {
  const host = resolveDockerHost(process.env, homeFolder());
  const docker = dockerClient(host);
  return {
    observe: async (owner) => {
      await dockerAnswers(docker, stack);
      const [running, balancers] = await Promise.all([
        runningNodes(docker, owner, stack),
        docker.listContainers({ all: true, filters: labelFilter({ owner, stack, role: "balancer" }) }),
      ]);
      return { running, isNew: balancers.length === 0 };
    },
    check: (plan) => imagesAreThere(docker, plan, stack),
    begin: (plan) =>
      holdLease(dockerTransport(docker), clusterLabels(plan, stack), `pulumi up (process ${process.pid})`),
    access: { docker: { engine: docker, engineSocket: engineSocket(host) } },
    options: {},
  };
}
