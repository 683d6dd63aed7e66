import { own } from "../../../components/model/own.ts";
import { desiredSocket, stateFolder } from "../../../components/render/paths.ts";
import type { DrillCluster } from "../context.ts";
import type { Running } from "../platform.ts";
import { tierDrills } from "../tiers/select.ts";
import type { Change } from "../types.ts";
import type { Fault } from "./types.ts";

/** A fault whose changes were measured where they were made. */
export interface MeasuredFault extends Fault {
  readonly changes: readonly Change[];
}

interface MembersOptions {
  readonly changes: number;
  /** Milliseconds between two. */
  readonly every: number;
}

/** Several members documents in turn: other weights, a node less, a node back. On every balancer, as `up` would. */
export function changeMembers(cluster: DrillCluster, { changes, every }: MembersOptions): MeasuredFault {
  const { platform } = cluster;
  const { changeCommand } = tierDrills(cluster.plan.tier.kind);
  const measured: Change[] = [];
  const running: Running[] = [];
  const before = new Map<string, string>();
  const keys = cluster.plan.balancers.map(({ key }) => key);
  return {
    victims: keys,
    changes: measured,
    strike: async () => {
      for (const key of keys) {
        before.set(key, await current(cluster, key));
        await platform.put(key, named(variants(cluster, before.get(key) ?? "")));
      }
      const command = await changeCommand(changes, every);
      for (const key of keys)
        running.push(await platform.run(key, command, (line) => take(key, line, measured)));
      await Promise.all(running.map(({ ended }) => ended));
    },
    heal: async () => {
      for (const one of running) one.stop();
      await Promise.all(running.map(({ ended }) => ended));
      for (const [key, text] of before) await putBack(cluster, key, text);
    },
  };
}

function take(balancer: string, line: string, into: Change[]): void {
  const [kind, time, took, status] = line.split(" ");
  if (kind === "c")
    into.push({ balancer, at: Number(time) * 1000, took: Number(took) * 1000, status: status ?? "" });
}

const control = ["curl", "--silent", "--fail", "--max-time", "5", "--unix-socket", desiredSocket];

/** The document that a balancer has, word for word. */
function current(cluster: DrillCluster, key: string): Promise<string> {
  return cluster.platform.exec(key, ...control, "http://control/members");
}

async function putBack(cluster: DrillCluster, key: string, text: string): Promise<void> {
  await cluster.platform.put(key, named([text]));
  const upload = ["--output", "/dev/null", "--upload-file", `${stateFolder}/hotspare-members-00.json`];
  await cluster.platform.exec(key, ...control, ...upload, "http://control/members");
}

interface Members {
  revision: string;
  pools: Record<string, { members: { key: string; role: string; weight: number }[] }>;
}

/** Documents that differ from their neighbours: weights from 1 to 5, and every fourth lacks one active node. */
function variants(cluster: DrillCluster, text: string): string[] {
  return Array.from({ length: 20 }, (_, index) => {
    const document = JSON.parse(text) as Members;
    const pool = own(document.pools, cluster.pool);
    if (pool === undefined) throw new Error(`the balancers have no pool ${cluster.pool}`);
    const active = pool.members.filter(({ role }) => role === "active");
    for (const [position, member] of active.entries()) member.weight = 1 + ((index * 3 + position * 2) % 5);
    const missing = index % 4 === 3 && active.length > 1 ? active[index % active.length] : undefined;
    pool.members = pool.members.filter((member) => member !== missing);
    document.revision = `d${String(index).padStart(2, "0")}`;
    return JSON.stringify(document);
  });
}

/** The names under which the documents lie in a balancer's `/var/lib/hotspare`. */
const named = (texts: readonly string[]) =>
  new Map(texts.map((text, index) => [`hotspare-members-${String(index).padStart(2, "0")}.json`, text]));
