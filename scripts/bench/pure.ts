import { assemble } from "../review/assemble.ts";
import type { Planned } from "../review/planning.ts";
import { print } from "../review/print/index.ts";
import { planned, sizes } from "./large.ts";
import type { Opened, Part } from "./types.ts";

/* Plans and reviews, by their size: what a command does itself, without its start. */

const time = { name: "time", unit: "ms" } as const;
const processor = { name: "processor", unit: "ms" } as const;
const each = { name: "processor for a node", unit: "µs" } as const;

const nodesOf = (variant: string) => Number.parseInt(variant, 10);

/** Runs something once for each size before anything is counted: Node compiles what it has seen often. */
async function opened(version: string, work: (nodes: number) => unknown): Promise<Opened> {
  for (const nodes of sizes) await work(nodes);
  return {
    figures: [time, processor, each],
    variants: sizes.map((nodes) => ({ name: `${nodes} nodes`, version })),
    run: async (variant) => {
      const [began, used] = [performance.now(), process.cpuUsage()];
      await work(nodesOf(variant));
      const { user, system } = process.cpuUsage(used);
      return {
        time: performance.now() - began,
        processor: (user + system) / 1000,
        [each.name]: (user + system) / nodesOf(variant),
      };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export const planPart: Part = {
  name: "plan",
  about: "A stack is checked, planned, and every file of every machine rendered.",
  rounds: 20,
  open: () => opened(`Node ${process.versions.node}`, planned),
};

export const reviewPart: Part = {
  name: "review",
  about:
    "Two plans, of which one has a node more, are compared, their risks are found, and the comment is printed.",
  rounds: 20,
  open: () => {
    const documents = new Map(
      sizes.map((nodes) => [nodes, { before: planned(nodes), after: planned(nodes - 1) }]),
    );
    return opened(`Node ${process.versions.node}`, async (nodes) => {
      const both = documents.get(nodes as (typeof sizes)[number]);
      if (both === undefined) throw new Error(`nothing was planned of ${nodes} nodes`);
      const side = (document: (typeof both)["before"]): Planned => ({ kind: "planned", document });
      const revision = { commit: null, dirty: true };
      const review = assemble({
        stack: "large",
        base: { ref: "before", ...revision },
        head: { ref: "after", ...revision },
        before: side(both.before),
        after: side(both.after),
        engine: null,
        failures: [],
        namesake: null,
      });
      await print(review, "markdown");
    });
  },
};
