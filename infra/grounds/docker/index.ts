import { clusterLabels } from "../../../components/plan/labels.ts";
import {
  dockerClient,
  engineSocket,
  resolveDockerHost,
} from "../../../components/platform/docker/endpoint.ts";
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
      return { running: await runningNodes(docker, owner, stack) };
    },
    check: (plan) => imagesAreThere(docker, plan, stack),
    begin: (plan) =>
      holdLease(dockerTransport(docker), clusterLabels(plan, stack), `pulumi up (process ${process.pid})`),
    access: { docker: { engine: docker, engineSocket: engineSocket(host) } },
    options: {},
  };
}
