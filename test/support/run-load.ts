import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exec, images, put, removeAll, start } from "./containers.ts";
import type { LoadOptions, LoadResult } from "./load.ts";

/** Loads may run side by side. */
let runs = 0;

/** Sends load from inside a Docker network, from a container of its own. */
export async function runLoad(network: string, options: LoadOptions): Promise<LoadResult> {
  const suite = `load-${process.pid}-${++runs}`;
  const { node } = await images();
  const container = await start(suite, {
    Image: node,
    Entrypoint: ["/usr/local/bin/node", "-e", "setTimeout(() => {}, 600000)"],
    HostConfig: { NetworkMode: network },
  });
  try {
    await put(container, "/tmp", { "load.ts": await readFile(join(import.meta.dirname, "load.ts"), "utf8") });
    const result = await exec(container, "/usr/local/bin/node", "/tmp/load.ts", JSON.stringify(options));
    if (result.exitCode !== 0) throw new Error(`the load generator failed: ${result.stderr}`);
    return JSON.parse(result.stdout) as LoadResult;
  } finally {
    await removeAll(suite);
  }
}

/** Waits: a fault comes some time after the load has begun. */
export function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
