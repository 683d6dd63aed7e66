import { cp, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../infra/context.ts";
import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** What of a checkout a run of `up` needs. */
const parts = ["Pulumi.yaml", "package.json", "components", "infra", "scripts", "stacks"];

/**
 * A real `up` with more nodes and, to heal, one with the stack as it is written. The larger stack stands in a copy of the
 * checkout: nobody's files are changed, and backend and owner, which the environment carries, are the same.
 */
export function scale(cluster: DrillCluster, by: number): Fault {
  const active = cluster.nodes("active").length + by;
  let growing: Promise<void> | undefined;
  const grow = async () => {
    const copy = await overridden(cluster, active);
    try {
      await up(copy, cluster.stack);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  };
  return {
    victims: [],
    strike: () => {
      growing = grow();
      return growing;
    },
    heal: async () => {
      // Two runs of the engine on one stack would refuse each other.
      await growing?.catch(() => undefined);
      if (growing !== undefined) await up(projectRoot, cluster.stack);
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

async function overridden({ stack, pool }: DrillCluster, active: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hotspare-drill-"));
  for (const part of parts) await cp(join(projectRoot, part), join(folder, part), { recursive: true });
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  await rename(join(folder, "stacks", "index.ts"), join(folder, "stacks", "written.ts"));
  const [name, of] = [JSON.stringify(stack), JSON.stringify(pool)];
  await writeFile(
    join(folder, "stacks", "index.ts"),
    `import { stacks as written } from "./written.ts";
const stack = written[${name}] as { pools: Record<string, object> };
const pool = { ...stack.pools[${of}], active: ${active} };
export const stacks: Readonly<Record<string, unknown>> = {
  ...written,
  [${name}]: { ...stack, pools: { ...stack.pools, [${of}]: pool } },
};
`,
  );
  return folder;
}
