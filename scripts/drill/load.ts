import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { projectRoot } from "../../infra/context.ts";
import { imageRef } from "../../infra/images.ts";
import type { Line, Order } from "../../infra/runtime/load/protocol.ts";
import { drillLabel } from "../platforms/docker/view.ts";
import type { DrillCluster } from "./context.ts";
import { type Running, runLines } from "./lines.ts";
import type { Operation, Probe } from "./types.ts";

/*
 * The generator's container: the node image, which has Node, with the generator's files put in. No image of its own, so
 * nothing more has to be built, and what runs is what stands in the checkout.
 */

const folder = "/tmp/load";

/** The container's own program: it lives as long as we are attached to it, and so goes with us however we go. */
const untilLeft = "process.stdin.on('end', () => process.exit()).resume()";

export class LoadContainer {
  readonly #docker: Docker;
  readonly #container: Docker.Container;
  readonly #attached: Duplex;

  private constructor(docker: Docker, container: Docker.Container, attached: Duplex) {
    this.#docker = docker;
    this.#container = container;
    this.#attached = attached;
  }

  /** Makes and starts the container in the cluster's network. */
  static async start({ docker, plan, stack }: DrillCluster): Promise<LoadContainer> {
    const name = `${plan.cluster}-${plan.owner.slice(0, 4)}-load`;
    await docker
      .getContainer(name)
      .remove({ force: true })
      .catch(() => undefined);
    const container = await docker.createContainer({
      name,
      Image: imageRef("node"),
      Hostname: "load",
      Cmd: ["/usr/local/bin/node", "-e", untilLeft],
      Labels: drillLabel({ owner: plan.owner, stack }),
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: {
        NetworkMode: plan.network.name,
        AutoRemove: true,
        CapDrop: ["ALL"],
      },
    });
    const attached = (await container.attach({ stream: true, stdin: true, hijack: true })) as Duplex;
    // A broken connection is how the container ends; the runs in it tell of it themselves.
    attached.on("error", () => undefined);
    await container.start();
    await container.putArchive(await generator(), { path: "/tmp" });
    return new LoadContainer(docker, container, attached);
  }

  async run(order: Order, seen: (operation: Operation) => void): Promise<LoadRun> {
    const run = new LoadRun(seen);
    await run.start(this.#docker, this.#container.id, order);
    return run;
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true }).catch(() => undefined);
    this.#attached.destroy();
  }
}

/** One run of the generator, and all that it told. */
export class LoadRun {
  readonly probes: Probe[] = [];
  begin = 0;
  sent = 0;
  readonly #seen: (operation: Operation) => void;
  #running: Running | undefined;
  #complete = false;

  constructor(seen: (operation: Operation) => void) {
    this.#seen = seen;
  }

  async start(docker: Docker, containerId: string, order: Order): Promise<void> {
    const command = ["/usr/local/bin/node", `${folder}/main.ts`, JSON.stringify(order)];
    const begun = Promise.withResolvers<void>();
    this.#running = await runLines(docker, containerId, command, (line) => {
      this.#take(JSON.parse(line) as Line);
      if (this.begin > 0) begun.resolve();
    });
    const early = this.#running.ended.then(() => {
      if (this.begin === 0) throw new Error(`the generator did not start: ${this.#running?.complaints()}`);
    });
    await Promise.race([begun.promise, early]);
  }

  #take(line: Line): void {
    switch (line[0]) {
      case "o": {
        const [, id, stream, due, late, latency, node, outcome, reused] = line;
        this.#seen({ id, stream, due, late, latency, node, outcome, reused: reused === 1 });
        return;
      }
      case "p":
        this.probes.push({ sent: line[1], took: line[2] < 0 ? null : line[2] });
        return;
      case "begin":
        this.begin = line[1];
        return;
      case "end":
        this.sent = line[1];
        this.#complete = true;
    }
  }

  /** Ends the run and waits for what is under way. */
  async stop(): Promise<void> {
    this.#running?.stop();
    await this.#running?.ended;
    if (!this.#complete) throw new Error(`the generator broke off: ${this.#running?.complaints()}`);
  }
}

/** The generator's files as an archive. */
async function generator(): Promise<Buffer> {
  const from = join(projectRoot, "infra", "runtime", "load");
  const tar = pack();
  for (const name of (await readdir(from)).filter((file) => file.endsWith(".ts")).sort()) {
    tar.entry({ name: `load/${name}`, mode: 0o644 }, await readFile(join(from, name), "utf8"));
  }
  // Without it Node would look for the kind of module and warn.
  tar.entry({ name: "load/package.json", mode: 0o644 }, '{"type":"module"}\n');
  tar.finalize();
  return buffer(tar);
}
