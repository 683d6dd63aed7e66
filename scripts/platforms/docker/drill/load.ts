import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { imageRef } from "../../../../infra/images.ts";
import { kitRoot } from "../../../../infra/project-root.ts";
import type { DripOrder, KeepOrder, Order } from "../../../../infra/runtime/load/protocol.ts";
import type { LoadMachine, Running } from "../../../drill/platform.ts";
import { drillLabel } from "../view.ts";
import { runLines } from "./lines.ts";

/*
 * The generator's container: the node image, which has Node, with the generator's files put in. No image of its own, so
 * nothing more has to be built, and what runs is what stands in the checkout.
 */

const folder = "/tmp/load";

/** The container's own program: it lives as long as we are attached to it, and so goes with us however we go. */
const untilLeft = "process.stdin.on('end', () => process.exit()).resume()";

export class LoadContainer implements LoadMachine {
  readonly #docker: Docker;
  readonly #container: Docker.Container;
  readonly #attached: Duplex;

  private constructor(docker: Docker, container: Docker.Container, attached: Duplex) {
    this.#docker = docker;
    this.#container = container;
    this.#attached = attached;
  }

  /** Makes and starts the container in the cluster's network. */
  static async start(
    docker: Docker,
    plan: ClusterPlan,
    stack: string,
    hostname = "load",
  ): Promise<LoadContainer> {
    const name = `${plan.cluster}-${plan.owner.slice(0, 4)}-${hostname}`;
    await docker
      .getContainer(name)
      .remove({ force: true })
      .catch(() => undefined);
    const container = await docker.createContainer({
      name,
      Image: imageRef("node"),
      Hostname: hostname,
      Cmd: ["/usr/local/bin/node", "-e", untilLeft],
      Labels: drillLabel({ owner: plan.owner, stack }),
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: {
        NetworkMode: plan.network.name,
        AutoRemove: true,
        CapDrop: ["ALL"],
        // The instrument is not what is to be starved: sixteen times the part of a container that computes.
        CpuShares: 16_384,
        Ulimits: [{ Name: "nofile", Soft: 16_384, Hard: 16_384 }],
      },
    });
    const attached = (await container.attach({ stream: true, stdin: true, hijack: true })) as Duplex;
    // A broken connection is how the container ends; the runs in it tell of it themselves.
    attached.on("error", () => undefined);
    await container.start();
    await container.putArchive(await generator(), { path: "/tmp" });
    return new LoadContainer(docker, container, attached);
  }

  run(order: Order, onLine: (line: string) => void): Promise<Running> {
    return this.#program("main.ts", order, onLine);
  }

  drip(order: DripOrder, onLine: (line: string) => void): Promise<Running> {
    return this.#program("drip.ts", order, onLine);
  }

  keep(order: KeepOrder, onLine: (line: string) => void): Promise<Running> {
    return this.#program("keep.ts", order, onLine);
  }

  #program(file: string, order: object, onLine: (line: string) => void): Promise<Running> {
    const command = ["/usr/local/bin/node", `${folder}/${file}`, JSON.stringify(order)];
    return runLines(this.#docker, this.#container.id, command, onLine);
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true }).catch(() => undefined);
    this.#attached.destroy();
  }
}

/** The generator's files as an archive. */
async function generator(): Promise<Buffer> {
  const from = join(kitRoot, "infra", "runtime", "load");
  const tar = pack();
  for (const name of (await readdir(from)).filter((file) => file.endsWith(".ts")).sort()) {
    tar.entry({ name: `load/${name}`, mode: 0o644 }, await readFile(join(from, name), "utf8"));
  }
  // Without it Node would look for the kind of module and warn.
  tar.entry({ name: "load/package.json", mode: 0o644 }, '{"type":"module"}\n');
  tar.finalize();
  return buffer(tar);
}
