import { join } from "node:path";
import { hold } from "../../../../components/platform/metal/held.ts";
import { kitRoot } from "../../../../infra/project-root.ts";
import type { LoadMachine, Running } from "../../../drill/platform.ts";

/** The generator as a process of this machine: it asks the virtual address by whatever way leads there from here, as people do. */
export const localLoad: LoadMachine = {
  run: async (order, onLine) => program("main.ts", order, onLine),
  drip: async (order, onLine) => program("drip.ts", order, onLine),
  keep: async (order, onLine) => program("keep.ts", order, onLine),
  remove: async () => {},
};

function program(file: string, order: object, onLine: (line: string) => void): Running {
  const path = join(kitRoot, "infra", "runtime", "load", file);
  // Ctrl-C is for the drill, which heals first.
  return hold(process.execPath, [path, JSON.stringify(order)], onLine, { detached: true });
}
