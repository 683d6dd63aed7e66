import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type StackSource, stackFileVariable } from "../../../infra/stack-source.ts";
import { cliFile } from "../../cli-file.ts";
import { sourceOf } from "../../stacks.ts";
import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** One node more or less, by `up`. */
export function scale(cluster: DrillCluster, by: number): Fault {
  return changed(cluster, { active: cluster.nodes("active").length + by });
}

/** Every node of the pool replaced, by `up`: another environment is another node. */
export function roll(cluster: DrillCluster): Fault {
  return changed(cluster, { environment: { DRILLED_AT: new Date().toISOString() } });
}

/** A real `up` with a changed pool and, to heal, one with the stack as it is written. Nobody's files are changed. */
function changed(cluster: DrillCluster, changes: object): Fault {
  let changing: Promise<void> | undefined;
  const change = async () => {
    const folder = await mkdtemp(join(tmpdir(), "hotspare-drill-"));
    const file = join(folder, "stack.json");
    try {
      await writeFile(file, JSON.stringify(withPool(sourceOf(cluster.stack), cluster.pool, changes)));
      await up(cluster.stack, { [stackFileVariable]: file });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    victims: [],
    strike: () => {
      changing = change();
      return changing;
    },
    heal: async () => {
      // Two runs of the engine on one stack would refuse each other.
      await changing?.catch(() => undefined);
      if (changing !== undefined) await up(cluster.stack);
    },
  };
}

async function up(stack: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const ran = await execa(process.execPath, [cliFile, "up", stack, "--no-refresh"], {
    env,
    stdin: "ignore",
    reject: false,
    // Ctrl-C is for us; what we began here comes to its end and is then undone.
    detached: true,
  });
  if (ran.exitCode !== 0)
    throw new Error(`up ended with ${ran.exitCode}: ${String(ran.stderr).trim().slice(-600)}`);
}

/** A stack with some fields of a pool replaced. @param pool its id */
export function withPool(source: StackSource, pool: string, changes: object): StackSource {
  const input = source.input as { readonly pools: Readonly<Record<string, { readonly id?: string }>> };
  const pools = Object.fromEntries(
    Object.entries(input.pools).map(([name, own]) => [
      name,
      (own.id ?? name) === pool ? { ...own, ...changes } : own,
    ]),
  );
  return { ...source, input: { ...input, pools } };
}
