import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkStack, loadStack } from "../../components/model/define.ts";
import { planContext } from "../../infra/context.ts";
import { moduleEnding } from "../../infra/project-root.ts";
import type { StackSource } from "../../infra/stack-source.ts";
import { writeWhole } from "../../infra/whole-file.ts";
import { markOf } from "../processes.ts";
import { withLock } from "../toolchain/lock.mjs";
import { after, ended, now } from "./clock.ts";
import { groundOf } from "./ground.ts";
import { type EphemeralRecord, ownershipOf } from "./record.ts";
import { remove } from "./remove.ts";
import { all, change, lockOf, root } from "./store.ts";

/*
 * Clusters that stand already and are paused, so that the next one that somebody wants is there at once. One stands in for another only if
 * both come to the same: the same stack, images of the same content, and files of the same content.
 */

/** How many of which kind are kept. */
export interface Pool {
  readonly stack: string;
  readonly source: StackSource;
  readonly size: number;
  /** Milliseconds that one stands that nobody takes. */
  readonly ttl: number;
}

/** Milliseconds until one that was paused answers again, on a busy machine too; after that a new one is no later. */
const patience = 20_000;
/** Milliseconds for one question: who stood still doesn't answer the first. */
const eachQuestion = 1000;

const fileOf = (kind: string) => join(root(), "pools", `${kind}.json`);

/** What a cluster comes to: a hash of its stack, of its images, and of the project's files that the stack names. */
export function kindOf(stack: string, source: StackSource): string {
  const spec = loadStack(stack, source.input);
  const { images, files, environments } = planContext(spec, "", source.images);
  return createHash("sha256")
    .update(JSON.stringify([spec, images, files, environments]))
    .digest("hex")
    .slice(0, 16);
}

/** The pool of a kind; null where none is wanted. */
export function poolOf(kind: string): Pool | null {
  return existsSync(fileOf(kind)) ? (JSON.parse(readFileSync(fileOf(kind), "utf8")) as Pool) : null;
}

/** Says how many are to be kept from now on, at least one. @returns its kind */
export function wantPool(pool: Pool): string {
  const kind = kindOf(pool.stack, pool.source);
  writeWhole(fileOf(kind), JSON.stringify(pool));
  return kind;
}

/**
 * Says that none of a stack are to be kept from now on, whatever it came to when that was wanted: its files may have changed since.
 *
 * @param id the stack's
 * @returns the kinds of the clusters that are left
 */
export function forgetPools(id: string): string[] {
  const wanted = globSync("*.json", { cwd: join(root(), "pools") })
    .map((file) => basename(file, ".json"))
    .filter((kind) => checkStack(poolOf(kind)?.source.input).spec?.id === id);
  for (const kind of wanted) rmSync(fileOf(kind), { force: true });
  const standing = all().flatMap(({ stack, pooled }) => (stack === id && pooled !== null ? [pooled] : []));
  return [...new Set([...wanted, ...standing])];
}

/** Those of a kind that nobody has taken yet. */
export function pooled(kind: string): EphemeralRecord[] {
  return all().filter((record) => record.pooled === kind && record.state === "paused");
}

/** Puts a cluster that stands into the pool of a kind: for whoever wants such a one next. */
export async function intoPool(record: EphemeralRecord, kind: string): Promise<EphemeralRecord> {
  await (await groundOf(record)).pause(ownershipOf(record));
  return change(record.name, { state: "paused", pooled: kind, holder: null });
}

/**
 * Takes one of a kind and lets it go on; another one is made in its place.
 *
 * @returns null where there is none that answers
 */
export async function takeFromPool(
  kind: string,
  { ttl, heldByThis }: { readonly ttl: number; readonly heldByThis: boolean },
): Promise<EphemeralRecord | null> {
  for (;;) {
    const taken = await withLock(lockOf("claim"), async () => {
      const [first] = pooled(kind).filter(({ expires }) => !ended(expires, now()));
      if (first === undefined) return null;
      const holder = heldByThis ? markOf() : null;
      return change(first.name, { pooled: null, holder, expires: after(ttl, now()), state: "ready" });
    });
    if (taken === null) return null;
    try {
      await (await groundOf(taken)).resume(ownershipOf(taken));
      await answers(taken);
      refill(kind);
      return taken;
    } catch {
      // Its engine was started again, say: the next one, or a new one. What can't be removed now the reaper removes.
      await remove(taken).catch(() => undefined);
    }
  }
}

/** @throws Error when it doesn't answer in time */
async function answers({ name, url }: EphemeralRecord): Promise<void> {
  if (url === null) return;
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(10)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(eachQuestion) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
  }
  throw new Error(`${name} doesn't answer again`);
}

/** Has a process of its own fill a pool again of which one was taken. */
export function refill(kind: string): void {
  if (poolOf(kind) === null) return;
  const filler = spawn(process.execPath, [join(import.meta.dirname, `filler${moduleEnding}`), kind], {
    cwd: "/",
    detached: true,
    stdio: "ignore",
  });
  filler.unref();
}
