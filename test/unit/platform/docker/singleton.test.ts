import type Docker from "dockerode";
import { expect, test } from "vitest";
import { stopOthersBy } from "../../../../components/platform/docker/singleton.ts";

/** An engine with singletons by key, each as its state; those that are refused answer their stop with this status. */
function engine(states: Readonly<Record<string, string>>, refused: Readonly<Record<string, number>> = {}) {
  const told: string[] = [];
  const asked: string[] = [];
  const docker = {
    listContainers: async ({ filters }: { filters: string }) => {
      asked.push(...JSON.parse(filters).label);
      return Object.entries(states).map(([key, State]) => ({
        Id: key,
        State,
        Labels: { "hotspare.key": key },
      }));
    },
    getContainer: (key: string) => ({
      unpause: async () => void told.push(`unpause ${key}`),
      stop: async () => {
        const statusCode = refused[key];
        if (statusCode !== undefined) throw Object.assign(new Error("refused"), { statusCode });
        await new Promise(setImmediate);
        told.push(`stopped ${key}`);
      },
    }),
  };
  return { stopOthers: stopOthersBy(docker as unknown as Docker), told, asked };
}

const labels = { "hotspare.owner": "abcd", "hotspare.stack": "dev", "hotspare.role": "singleton" };
const one = { key: "in-1", of: "in" };

test("whoever else of a singleton runs has ended before it is made", async () => {
  const { stopOthers, told, asked } = engine({
    "in-1": "running",
    "in-2": "running",
    "in-3": "exited",
    "in-4": "paused",
    "in-5": "restarting",
    "out-1": "running",
    "in-1-1": "running",
  });
  await stopOthers(one, labels);
  expect(told.sort()).toEqual(["stopped in-2", "stopped in-4", "stopped in-5", "unpause in-4"]);
  expect(asked).toEqual(["hotspare.owner=abcd", "hotspare.stack=dev", "hotspare.role=singleton"]);
});

test("one that has ended by itself is no obstacle, one that doesn't end is", async () => {
  await engine({ "in-2": "running" }, { "in-2": 404 }).stopOthers(one, labels);
  await expect(engine({ "in-2": "running" }, { "in-2": 500 }).stopOthers(one, labels)).rejects.toThrow(
    "refused",
  );
});
