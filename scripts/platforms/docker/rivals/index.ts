import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { execIn } from "../../../../components/platform/docker/exec.ts";
import { folderImage, imageRef } from "../../../../infra/images.ts";
import { Progress } from "../../../toolchain/progress.ts";
import type { Rival, StackOwnership } from "../../contract.ts";
import { readyDocker } from "../connect.ts";
import { drillLabel, listContainers } from "../view.ts";
import { haproxy, plainNginx, tunedNginx } from "./configs.ts";

interface Wanted {
  readonly name: string;
  readonly image: string;
  readonly program: readonly string[];
  readonly file: string;
  readonly config: (nodes: readonly string[]) => string;
  /** Prints the program's version. */
  readonly version: readonly string[];
}

const nginx = (name: string, config: Wanted["config"]): Wanted => ({
  name,
  image: imageRef("balancer"),
  program: ["nginx", "-c", "/etc/rival.conf", "-g", "daemon off;"],
  file: "rival.conf",
  config,
  version: ["nginx", "-v"],
});

/**
 * Balancers made by hand, beside a cluster's own, before the same nodes: in its network, with the limits of its own. They bear the
 * cluster's label, so they go with it.
 */
export async function rivals(docker: Docker, ownership: StackOwnership): Promise<Rival[]> {
  const views = await listContainers(docker, ownership);
  const own = views.find(({ role }) => role === "balancer");
  if (own === undefined) throw new Error("the cluster has no balancer");
  const nodes = views.filter(({ role }) => role === "active").map(({ address }) => `${address}:8080`);
  const image = folderImage("haproxy", join(import.meta.dirname, "haproxy"));
  await readyDocker(new Progress(), [image]);
  const wanted: readonly Wanted[] = [
    nginx("nginx, tuned by hand", tunedNginx),
    nginx("nginx, plain proxy_pass", plainNginx),
    {
      name: "HAProxy",
      image: image.ref,
      program: ["haproxy", "-W", "-db", "-f", "/etc/rival.cfg"],
      file: "rival.cfg",
      config: haproxy,
      version: ["haproxy", "-v"],
    },
  ];
  const limits = (await docker.getContainer(own.id).inspect()).HostConfig;
  const [tuned, ...others] = await Promise.all(
    wanted.map((one) => start(docker, one, { nodes, ownership, limits })),
  );
  if (tuned === undefined) throw new Error("there is nobody to compare with");
  return [
    tuned,
    { ...rival(docker, own.id, own.address), name: "hotspare", version: tuned.version },
    ...others,
  ];
}

async function start(
  docker: Docker,
  { name, image, program, file, config, version }: Wanted,
  {
    nodes,
    ownership,
    limits,
  }: { nodes: readonly string[]; ownership: StackOwnership; limits: Docker.HostConfig },
): Promise<Rival> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program[0] as string],
    Cmd: program.slice(1),
    Labels: drillLabel(ownership),
    HostConfig: {
      NetworkMode: limits.NetworkMode as string,
      NanoCpus: limits.NanoCpus as number,
      Memory: limits.Memory as number,
      CpuShares: limits.CpuShares as number,
      LogConfig: limits.LogConfig as Docker.HostConfig["LogConfig"],
      Ulimits: [{ Name: "nofile", Soft: 16_384, Hard: 16_384 }],
    },
  });
  const archive = pack();
  archive.entry({ name: file, mode: 0o644 }, config(nodes));
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: "/etc" });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
  const { stdout, stderr } = await execIn(docker, container.id, version);
  const [found = "unknown"] = /\d+\.\d+(\.\d+)?/.exec(stdout + stderr) ?? [];
  return { ...rival(docker, container.id, address), name, version: found };
}

function rival(docker: Docker, id: string, address: string): Pick<Rival, "address" | "processor"> {
  return {
    address,
    processor: async () => {
      const { cpu_stats } = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
      return cpu_stats.cpu_usage.total_usage;
    },
  };
}
