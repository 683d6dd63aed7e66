import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../../infra/context.ts";
import type { LoadMachine, Running } from "../../../drill/platform.ts";

/** Milliseconds that the generator has to end after its input. Above the patience of its clients. */
const grace = 8_000;

/** The generator as a process of this machine: it asks the virtual address by whatever way leads there from here, as people do. */
export const localLoad: LoadMachine = {
  run: async (order, onLine) => program("main.ts", order, onLine),
  drip: async (order, onLine) => program("drip.ts", order, onLine),
  remove: async () => {},
};

function program(file: string, order: object, onLine: (line: string) => void): Running {
  const path = join(projectRoot, "infra", "runtime", "load", file);
  const running = execa(process.execPath, [path, JSON.stringify(order)], {
    stdin: "pipe",
    reject: false,
    buffer: { stdout: false },
    // Ctrl-C is for the drill, which heals first.
    detached: true,
  });
  let complaints = "";
  const reading = (async () => {
    for await (const line of running) onLine(String(line));
    complaints = (await running).stderr;
  })();
  return {
    stop: () => {
      running.stdin.end();
      setTimeout(() => running.kill(), grace).unref();
    },
    ended: reading.catch(() => undefined),
    complaints: () => complaints,
  };
}
