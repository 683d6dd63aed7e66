import { cp, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../infra/context.ts";
import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** What of a checkout a run of `up` needs. */
const parts = ["Pulumi.yaml", "package.json", "components", "infra", "scripts", "stacks"];

/** One node more or less, by `up`. */
export function scale(cluster: DrillCluster, by: number): Fault {
  return changed(cluster, { active: cluster.nodes("active").length + by });
}

/** Every node of the pool replaced, by `up`: another environment is another node. */
export function roll(cluster: DrillCluster): Fault {
  return changed(cluster, { environment: { DRILLED_AT: new Date().toISOString() } });
}

/**
 * A real `up` with a changed pool and, to heal, one with the stack as it is written. The changed stack stands in a copy of the
 * checkout: nobody's files are changed, and backend and owner, which the environment carries, are the same.
 */
function changed(cluster: DrillCluster, pool: object): Fault {
  let changing: Promise<void> | undefined;
  const change = async () => {
    const copy = await overridden(cluster, pool);
    try {
      await up(copy, cluster.stack);
    } finally {
      await rm(copy, { recursive: true, force: true });
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
      if (changing !== undefined) await up(projectRoot, cluster.stack);
    },
  };
}

async function up(folder: string, stack: string): Promise<void> {
  const ran = await execa(process.execPath, ["scripts/cli.ts", "up", stack, "--no-refresh"], {
    cwd: folder,
    stdin: "ignore",
    reject: false,
    // Ctrl-C is for us; what we began here comes to its end and is then undone.
    detached: true,
  });
  if (ran.exitCode !== 0)
    throw new Error(`up ended with ${ran.exitCode}: ${String(ran.stderr).trim().slice(-600)}`);
}

async function overridden({ stack, pool }: DrillCluster, changes: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hotspare-drill-"));
  for (const part of parts) await cp(join(projectRoot, part), join(folder, part), { recursive: true });
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  await rename(join(folder, "stacks", "index.ts"), join(folder, "stacks", "written.ts"));
  const [name, of] = [JSON.stringify(stack), JSON.stringify(pool)];
  await writeFile(
    join(folder, "stacks", "index.ts"),
    `import { stacks as written } from "./written.ts";
const stack = written[${name}] as { pools: Record<string, object> };
const pool = { ...stack.pools[${of}], ...${JSON.stringify(changes)} };
export const stacks: Readonly<Record<string, unknown>> = {
  ...written,
  [${name}]: { ...stack, pools: { ...stack.pools, [${of}]: pool } },
};
`,
  );
  return folder;
}
