import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { loadStack } from "../../components/model/define.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { StackSource } from "../../infra/stack-source.ts";
import { exitCodes, UserError } from "../exit.ts";
import type { EphemeralGround } from "../platforms/contract.ts";
import { markOf } from "../processes.ts";
import { planOf } from "../stacks.ts";
import type { ClusterStatus } from "../status/cluster-status.ts";
import { withLock } from "../toolchain/lock.mjs";
import type { Progress } from "../toolchain/progress.ts";
import { after, now } from "./clock.ts";
import { keepWhy } from "./failure.ts";
import { groundOf } from "./ground.ts";
import { kindOf, takeFromPool } from "./pool.ts";
import { type EphemeralRecord, recordSchema } from "./record.ts";
import { remove } from "./remove.ts";
import { mustGoOn, runIn, tryIn, type Watch } from "./run-in.ts";
import { startReaper } from "./start-reaper.ts";
import { all, change, claimName, folderOf, lockOf, removeFolder, save } from "./store.ts";
import { newOwner, prepareFolder } from "./surroundings.ts";

export interface Wanted {
  /** What it is made from. */
  readonly source: StackSource;
  /** What the stack is called. */
  readonly stack: string;
  /** By default the stack's id and four random digits. */
  readonly name?: string | undefined;
  /** Milliseconds that it stands. */
  readonly ttl: number;
  /** Whether it goes when this process ends. */
  readonly heldByThis: boolean;
  readonly keepOnFailure: boolean;
  readonly progress: Progress;
  readonly watch: Watch;
}

/** Milliseconds that nodes may come after the first that serve. */
const lateNodes = 30_000;

/** Networks and ports are chosen by chance; so many are tried. */
const mostTries = 200;

/**
 * A cluster of one's own: one of the pool where there is such a one and nobody has asked for a name, else a new one.
 *
 * @throws UserError with what kept it from standing; nothing of it is left then, unless that was asked for
 */
export async function create(wanted: Wanted): Promise<EphemeralRecord> {
  const kind = wanted.name === undefined ? kindOf(wanted.stack, wanted.source) : null;
  const ready = kind === null ? null : await takeFromPool(kind, wanted);
  if (ready === null) return createNew(wanted);
  startReaper();
  return ready;
}

/**
 * Stands up a new cluster.
 *
 * @throws UserError with what kept it from standing; nothing of it is left then, unless that was asked for
 */
export async function createNew(wanted: Wanted): Promise<EphemeralRecord> {
  const { id, platform } = loadStack(wanted.stack, wanted.source.input);
  const ground = await groundOf({ platform: platform.kind });
  const name = wanted.name ?? `${id.slice(0, 27)}-${randomBytes(2).toString("hex")}`;
  claimName(name);
  const record = await claim(ground, wanted, { id, name, platform: platform.kind }).catch(
    (error: unknown) => {
      removeFolder(name);
      throw error;
    },
  );
  startReaper();
  try {
    mustGoOn(wanted.watch);
    const { url } = await up(record.name, id, wanted.watch);
    return change(name, { state: "ready", starter: null, url });
  } catch (error) {
    if (wanted.watch.signal?.aborted === true) {
      await remove(record);
      throw new UserError(`interrupted; nothing of "${name}" is left`, exitCodes.interrupted);
    }
    // A disk that is full must not keep what was made.
    const why = await keepWhy(record, ground, error as Error).catch(() => error);
    if (wanted.keepOnFailure) change(name, { state: "failed", starter: null });
    // What can't be removed now the reaper removes; why it doesn't stand is what a person has to hear.
    else await remove(record).catch(() => undefined);
    throw why;
  }
}

/** Where a cluster answers, and how it is. */
type Standing = Pick<ClusterStatus, "state" | "url">;

/**
 * Brings a cluster to what its folder says, and waits until all of it is as planned: one that serves, but not with each node, is given
 * some time more.
 *
 * @throws UserError with what is missing
 */
export async function up(name: string, stack: string, watch: Watch): Promise<Standing> {
  try {
    return JSON.parse((await runIn(name, ["up", stack, "--json"], watch)).stdout) as Standing;
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== exitCodes.degraded) throw error;
    for (const deadline = Date.now() + lateNodes; Date.now() < deadline; await sleep(500)) {
      mustGoOn(watch);
      const { exitCode, stdout } = await tryIn(name, ["status", stack, "--json"], watch);
      if (exitCode === exitCodes.ok) return JSON.parse(stdout) as Standing;
    }
    throw error;
  }
}

/** Chooses a network, ports and names that nothing on this machine has, and no other cluster that is just being made. */
async function claim(
  ground: EphemeralGround,
  wanted: Wanted,
  { id, name, platform }: { readonly id: string; readonly name: string; readonly platform: string },
): Promise<EphemeralRecord> {
  const folder = folderOf(name);
  prepareFolder(folder, wanted.source);
  await ground.ready(wanted.progress);
  const place = await ground.place();
  return withLock(lockOf("claim"), async () => {
    const others = all();
    for (let tries = 0; tries < mostTries; tries++) {
      const owner = newOwner(folder);
      const plan = planOf(id, owner, wanted.source);
      const ports = portsOf(plan);
      const isTaken = others.some(
        (other) =>
          other.subnet === plan.network.subnet ||
          other.owner.slice(0, 4) === owner.slice(0, 4) ||
          other.ports.some((port) => ports.includes(port)),
      );
      if (isTaken || !(await ground.hasRoom(plan, id))) continue;
      const record: EphemeralRecord = {
        schema: recordSchema,
        name,
        platform,
        place,
        stack: id,
        owner,
        subnet: plan.network.subnet,
        ports,
        created: new Date().toISOString(),
        expires: after(wanted.ttl, now()),
        starter: markOf(),
        holder: wanted.heldByThis ? markOf() : null,
        pooled: null,
        state: "starting",
        url: null,
      };
      save(record);
      return record;
    }
    throw new UserError(
      `no free network and ports were found in ${mostTries} tries: network.subnet and balancer.door are ${isFixed(wanted.source) ? "fixed in the stack, and taken" : "all taken"}; remove clusters with \`./hotspare ephemeral down\`, or leave those fields out`,
    );
  });
}

function portsOf({ door }: ClusterPlan): number[] {
  if (door === null) return [];
  const services = (door.services ?? []).map(({ hostPort }) => hostPort);
  return [door.httpPort, door.tlsPort, ...services].filter((port) => port !== null);
}

function isFixed({ input }: StackSource): boolean {
  const { network, balancer } = input as { network?: { subnet?: string }; balancer?: { door?: unknown } };
  return (network?.subnet ?? "auto") !== "auto" || balancer?.door !== undefined;
}
