import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { startCluster } from "../ephemeral/testing.ts";
import { makeBare } from "./bare.ts";
import { stack } from "./stacks.ts";
import type { Opened, Part } from "./types.ts";

/* What a cluster takes to stand and to go, as a test or a person waits for it. */

/** Milliseconds of something. */
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}

export const ephemeralPart: Part = {
  name: "ephemeral",
  about: `A test's cluster of the stack ${stack}: until its first answer through the balancers, and until nothing of it is left.`,
  rounds: 20,
  open: async (): Promise<Opened> => ({
    figures: [
      { name: "first answer", unit: "ms" },
      { name: "gone", unit: "ms" },
    ],
    variants: [{ name: "startCluster", version: `Node ${process.versions.node}` }],
    run: async () => {
      const [first, cluster] = await timed(async () => {
        // One with a name of its own is made new, also where a pool has such a one: what is measured is the making.
        const name = `bench-${randomBytes(4).toString("hex")}`;
        const started = await startCluster(stack, { name, ttl: "30m" });
        await fetch(started.url);
        return started;
      });
      const [gone] = await timed(() => cluster.down());
      return { "first answer": first, gone };
    },
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

export const upPart: Part = {
  name: "up",
  about: `\`up\` of the stack ${stack}, once more with nothing changed, and \`down\`; beside a Pulumi program that makes the same resources and nothing else: it tests no file, delivers none and waits for no answer.`,
  rounds: 20,
  open: async (tell): Promise<Opened> => {
    // Stands for the whole run, empty: what it is made of is what bare Pulumi makes.
    const template = await startCluster(stack, { ttl: "7d" });
    const bare = await makeBare(template.name);
    await template.command("down", "--yes");
    tell("up: the resources of one cluster are known");
    const { stdout: version } = await execa("pulumi", ["version"]);
    return {
      figures: [
        { name: "first up", unit: "ms" },
        { name: "second up", unit: "ms" },
        { name: "down", unit: "ms" },
      ],
      variants: [
        { name: "bare Pulumi", version },
        { name: "hotspare", version },
      ],
      run: async (variant) => {
        const works =
          variant === "hotspare"
            ? ["up", "up", "down"].map(
                (verb) => () => template.command(verb, ...(verb === "down" ? ["--yes"] : [])),
              )
            : [bare.up, bare.up, bare.destroy];
        const times: number[] = [];
        for (const work of works) times.push((await timed<unknown>(work))[0]);
        const [first = 0, second = 0, down = 0] = times;
        return { "first up": first, "second up": second, down };
      },
      [Symbol.asyncDispose]: () => template.down(),
    };
  },
};
