import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { isSecret } from "../../components/model/secret.ts";
import type { ClusterPlan, MachinePlan } from "../../components/plan/types.ts";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import { fileInEnvironment } from "../../components/platform/docker/container.ts";
import { render } from "../../components/render/index.ts";
import { docker, exec, images, labelOf, put } from "./containers.ts";
import type { LoadOptions, LoadResult } from "./load.ts";
import type { Answer, Sending } from "./send.ts";

/*
 * A planned cluster in Docker without Pulumi: for tests of the balancers alone. Everything bears the suite's label.
 */

export interface Pair {
  readonly plan: ClusterPlan;
  /** Balancers, nodes and door by key. */
  readonly machines: ReadonlyMap<string, Docker.Container>;
  machine(key: string): Docker.Container;
  /** Key of the balancer that holds the virtual address, asked of the kernel; null when none does. */
  holder(): Promise<string | null>;
  /** Runs load against the virtual address from a container in the network. */
  load(options: Omit<LoadOptions, "url"> & { url?: string }): Promise<LoadResult>;
  /** Sends requests, one after the other, to a balancer or any other origin, from a container in the network. */
  send(origin: string, sendings: readonly Sending[]): Promise<Answer[]>;
  /** Runs a script of this folder in a container in the network, and returns what it prints. */
  run<Result>(script: string, options: unknown): Promise<Result>;
  /** A balancer's GET /status. */
  status(key: string): Promise<BalancerStatus>;
}

export interface BalancerStatus {
  readonly revision: string;
  readonly generation: number;
  readonly holdsVirtualAddress: boolean;
  /** Requests under way at members that have left, by member. */
  readonly draining: Readonly<Record<string, number>>;
  readonly vrrp: { readonly state: string } | null;
  readonly pools: Readonly<
    Record<
      string,
      {
        readonly servedBy: string;
        readonly members: readonly MemberStatus[];
        readonly answers: PoolAnswers;
        readonly retries: { readonly made: number; readonly refused: number };
      }
    >
  >;
  /** Seconds that a try of each route waits, and where that is from. */
  readonly routes: Readonly<
    Record<string, { readonly patience: number; readonly from: string; readonly answers: number }>
  >;
}

/** What clients got of a pool since nginx has started. */
export interface PoolAnswers {
  readonly count: number;
  readonly errors: number;
  /** Count by the longest time of a bucket, seconds. */
  readonly latency: Readonly<Record<string, number>>;
}

export interface MemberStatus {
  readonly key: string;
  readonly healthy: boolean | null;
  readonly mark: "lost" | "doubted" | null;
  readonly lastChange: { readonly reason: string } | null;
  readonly inRotation: boolean;
  readonly inFlight: number;
  /** Tries that were made there. */
  readonly requests: number;
  readonly weight: number;
}

export const balancerCapabilities = [
  "NET_ADMIN",
  "NET_RAW",
  "NET_BIND_SERVICE",
  "SETUID",
  "SETGID",
  "CHOWN",
  "KILL",
];

/** The virtual address also stands on the loopback card, for requests under way; ARP must not tell of it. */
export const balancerSysctls = { "net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2" };

/** A connection to a balancer that lost the address is found dead after a second. */
export const doorSysctls = {
  "net.ipv4.tcp_keepalive_time": "1",
  "net.ipv4.tcp_keepalive_intvl": "1",
  "net.ipv4.tcp_keepalive_probes": "3",
};

const doorCapabilities = ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"];

/**
 * Network, nodes, balancers (which still wait for their files) and door of a plan; cold standbys are left out.
 *
 * @param program file that the nodes run in place of the sample server
 * @param beside more files that it gets, by path
 */
export async function startPair(
  suite: string,
  plan: ClusterPlan,
  program?: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<Pair> {
  const { balancer, node } = await images();
  const { subnet: Subnet, dynamicRange: IPRange, gateway: Gateway } = plan.network;
  const IPAM = { Config: [{ Subnet, IPRange, Gateway }] };
  await docker.createNetwork({ Name: networkName(suite), Labels: labelOf(suite), IPAM });
  const machines = new Map<string, Docker.Container>();
  for (const planned of plan.nodes.filter(({ role }) => role !== "cold")) {
    const Env = [`HOTSPARE_NODE=${planned.key}`, `HOTSPARE_CLUSTER=${plan.cluster}`, `PORT=${planned.port}`];
    const own = program === undefined ? {} : { Cmd: ["/usr/local/bin/node", "/srv/program.mjs"] };
    const files =
      program === undefined ? {} : { ...beside, "srv/program.mjs": readFileSync(program, "utf8") };
    machines.set(planned.key, await startMachine(suite, planned, { Image: node, Env, ...own }, files));
  }
  for (const planned of plan.balancers) {
    const Source = `hotspare-test-${suite}-${planned.key}`;
    await docker.createVolume({ Name: Source, Labels: labelOf(suite) });
    const Mounts: Docker.MountConfig = [{ Type: "volume", Source, Target: "/var/lib/hotspare" }];
    const HostConfig = {
      CapAdd: balancerCapabilities,
      Mounts,
      Sysctls: balancerSysctls,
      SecurityOpt: ["no-new-privileges"],
    };
    machines.set(planned.key, await startMachine(suite, planned, { Image: balancer, HostConfig }));
  }
  if (plan.door !== null) {
    const { key } = plan.door;
    const files = render(plan).find(({ machine }) => machine === key);
    const options = {
      Image: balancer,
      Cmd: ["hotspare-entry"],
      Env: files === undefined ? [] : fileInEnvironment(files),
      HostConfig: { CapAdd: doorCapabilities, Sysctls: doorSysctls },
    };
    machines.set(key, await startMachine(suite, plan.door, options));
  }
  return pairOf(suite, plan, machines, node);
}

const networkName = (suite: string) => `hotspare-test-${suite}`;

async function startMachine(
  suite: string,
  planned: MachinePlan,
  options: Docker.ContainerCreateOptions,
  files: Readonly<Record<string, string>> = {},
): Promise<Docker.Container> {
  const network = networkName(suite);
  const container = await docker.createContainer({
    ...options,
    Labels: labelOf(suite),
    name: `hotspare-test-${suite}-${planned.key}`,
    HostConfig: { ...options.HostConfig, CapDrop: ["ALL"], NetworkMode: network },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: planned.address } } } },
  });
  if (Object.keys(files).length > 0) await put(container, "/", files);
  await container.start();
  return container;
}

function pairOf(
  suite: string,
  plan: ClusterPlan,
  machines: Map<string, Docker.Container>,
  node: string,
): Pair {
  const machine = (key: string) => {
    const container = machines.get(key);
    if (container === undefined) throw new Error(`there is no machine ${key}`);
    return container;
  };
  const virtualUrl = `http://${virtualAddressOf(plan)}:${plan.tier.httpPort}/`;
  return {
    plan,
    machines,
    machine,
    load: (options) => runScript(suite, node, "load.ts", { url: virtualUrl, ...options }),
    run: (script, options) => runScript(suite, node, script, options),
    send: (origin, sendings) => runScript(suite, node, "send.ts", { origin, sendings }),
    async holder() {
      for (const { key } of plan.balancers) {
        const { stdout } = await exec(machine(key), "ip", "-4", "address", "show", "dev", "eth0").catch(
          () => ({
            stdout: "",
          }),
        );
        if (stdout.includes(`${virtualAddressOf(plan)}/`)) return key;
      }
      return null;
    },
    async status(key) {
      const asked = ["curl", "-s", "--unix-socket", "/run/hotspare/control.sock", "http://control/status"];
      return JSON.parse((await exec(machine(key), ...asked)).stdout);
    },
  };
}

/** Runs a script that stands beside this file in a container of its own, and waits for the JSON that it prints. */
async function runScript<Result>(
  suite: string,
  image: string,
  script: string,
  options: unknown,
): Promise<Result> {
  const container = await docker.createContainer({
    Image: image,
    Labels: labelOf(suite),
    Cmd: ["node", `/srv/${script}`, JSON.stringify(options)],
    HostConfig: {
      NetworkMode: networkName(suite),
      Ulimits: [{ Name: "nofile", Soft: 16_384, Hard: 16_384 }],
    },
  });
  await put(container, "/srv", { [script]: readFileSync(join(import.meta.dirname, script), "utf8") });
  await container.start();
  await container.wait();
  const output = withoutHeaders(await container.logs({ stdout: true, stderr: true }));
  await container.remove({ force: true });
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`${script} did not end well:\n${output}`);
  }
}

/** Docker cuts output into pieces, each with a header of 8 bytes whose last four are its length. */
export function withoutHeaders(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The rendered text files of a machine by path. */
export function filesOf(plan: ClusterPlan, key: string): Record<string, string> {
  const files = render(plan).find(({ machine }) => machine === key)?.files ?? [];
  return Object.fromEntries(
    files.flatMap(({ path, content }) => (isSecret(content) ? [] : [[path, content]])),
  );
}

export interface Applied {
  readonly exitCode: number;
  readonly stderr: string;
  readonly outcome: string;
  readonly members: string;
  readonly nginx: string;
  readonly keepalived: string;
  readonly address: string;
  readonly waitingFor: readonly string[];
}

/** Delivers files to a balancer and has it take them. */
export async function deliver(
  container: Docker.Container,
  files: Readonly<Record<string, string>>,
): Promise<Applied> {
  const incoming = Object.entries(files).map(([path, content]) => [`incoming/${path}`, content]);
  await put(container, "/var/lib/hotspare", Object.fromEntries(incoming));
  const { exitCode, stdout, stderr } = await exec(container, "hotspare-apply", "--json");
  return { exitCode, stderr, ...JSON.parse(stdout) };
}
