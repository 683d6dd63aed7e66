import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { execIn } from "../../../../components/platform/docker/exec.ts";
import { LineSink } from "../../../../components/platform/docker/line-sink.ts";
import { stateFolder } from "../../../../components/render/paths.ts";
import type { DrillPlatform } from "../../../drill/platform.ts";
import { UserError } from "../../../exit.ts";
import { clusterStatus } from "../look.ts";
import { listContainers } from "../view.ts";
import { burn } from "./burn.ts";
import { containerFaults } from "./faults.ts";
import { pieces, runLines } from "./lines.ts";
import { LoadContainer } from "./load.ts";
import { ContainerLogs } from "./node-logs.ts";

/** Milliseconds that a drill's own commands in machines may take: one whose machine is killed meanwhile never ends. */
const commandTimeout = 15_000;

/** What drills need, on a Docker Engine. */
export async function dockerDrills(docker: Docker, stack: string, plan: ClusterPlan): Promise<DrillPlatform> {
  const { Version } = await docker.version();
  const ownership = { owner: plan.owner, stack };
  const container = async (key: string): Promise<Docker.Container> => {
    const found = (await listContainers(docker, ownership)).findLast((view) => view.key === key);
    if (found === undefined) throw new UserError(`${key} is not there`);
    return docker.getContainer(found.id);
  };
  const faultArgs = { docker, network: plan.network.name, container };
  const fault = (kind: keyof typeof containerFaults) => (keys: readonly string[]) =>
    containerFaults[kind](faultArgs, keys);
  const exec = async (key: string, ...command: string[]) => {
    const { exitCode, stdout, stderr } = await execIn(docker, (await container(key)).id, command, {
      timeout: commandTimeout,
    });
    if (exitCode !== 0)
      throw new Error(`${command[0]} in ${key} ended with ${exitCode}: ${(stderr || stdout).trim()}`);
    return stdout;
  };
  return {
    engine: `Docker ${Version}`,
    card: "eth0",
    faults: {
      kill: fault("kill"),
      freeze: fault("freeze"),
      stop: fault("stop"),
      disconnect: fault("disconnect"),
    },
    // Drills change the cluster, also by `up`: what balancers have then is rightly other than the plan of the beginning.
    status: () => clusterStatus(docker, stack, plan, false),
    exec,
    killProgram: async (key, program, inside) =>
      void (await exec(key, ...inside, "pkill", "-KILL", "-x", program)),
    run: async (key, command, onLine) => runLines(docker, (await container(key)).id, command, onLine),
    put: async (key, files) => {
      await (await container(key)).putArchive(await archive(files), { path: stateFolder });
    },
    readLog: async (key, since, onLine) => {
      const options = {
        stdout: true,
        stderr: false,
        since: Math.floor(since / 1000),
        follow: false,
      } as const;
      const sink = new LineSink(onLine);
      for (const piece of pieces(await (await container(key)).logs(options))) sink.write(piece);
    },
    nodeLogs: (pool, onLine) => new ContainerLogs(docker, ownership, pool, onLine),
    load: (name) => LoadContainer.start(docker, plan, stack, name),
    burn: (loops) => burn(docker, plan, stack, loops),
  };
}

async function archive(files: ReadonlyMap<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of files) tar.entry({ name, mode: 0o644 }, text);
  tar.finalize();
  return buffer(tar);
}
