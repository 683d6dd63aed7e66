import type Docker from "dockerode";
import { expect, test } from "vitest";
import { stopAll } from "../../../../../scripts/platforms/docker/stop-all.ts";

interface Stopped {
  readonly key: string;
  readonly seconds: number | undefined;
  /** Who had ended when this one was told to. */
  readonly after: readonly string[];
}

/** An engine with containers by key, each as role and state. */
function engine(machines: Readonly<Record<string, readonly [role: string, state: string]>>, refused = "") {
  const told: Stopped[] = [];
  const ended: string[] = [];
  const docker = {
    listContainers: async () =>
      Object.entries(machines).map(([key, [role, State]]) => ({
        Id: key,
        Names: [`/${key}`],
        Labels: { "hotspare.key": key, "hotspare.role": role },
        State,
        NetworkSettings: { Networks: {} },
      })),
    getContainer: (key: string) => ({
      stop: async ({ t }: { t?: number }) => {
        told.push({ key, seconds: t, after: [...ended] });
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(key);
        if (key === refused) throw Object.assign(new Error("no such container"), { statusCode: 404 });
      },
    }),
  };
  return { docker: docker as unknown as Docker, told };
}

const running = (role: string) => [role, "running"] as const;
const cluster = {
  db: running("accessory"),
  "lb-1": running("balancer"),
  "lb-2": running("balancer"),
  "warden-1": running("warden"),
  "web-1": running("active"),
  "web-2": running("hot"),
  "web-3": ["cold", "created"],
} as const;
const owned = { owner: "abcd", stack: "dev" };

test("who lets clients in ends first, then who serves them, then what those need; those of a kind at once", async () => {
  const { docker, told } = engine(cluster);
  await stopAll(docker, owned, new AbortController().signal);
  const first = ["lb-1", "lb-2", "warden-1"];
  expect(told).toEqual([
    { key: "lb-1", seconds: undefined, after: [] },
    { key: "lb-2", seconds: undefined, after: [] },
    { key: "warden-1", seconds: 2, after: [] },
    { key: "web-1", seconds: undefined, after: first },
    { key: "web-2", seconds: undefined, after: first },
    { key: "db", seconds: undefined, after: [...first, "web-1", "web-2"] },
  ]);
});

test("one that the engine has removed meanwhile keeps nobody from ending", async () => {
  const { docker, told } = engine(cluster, "lb-1");
  await stopAll(docker, owned, new AbortController().signal);
  expect(told.map(({ key }) => key)).toContain("db");
});

test("a paused one is left alone, since it can't end", async () => {
  const { docker, told } = engine({ "web-1": ["active", "paused"], "web-2": running("active") });
  await stopAll(docker, owned, new AbortController().signal);
  expect(told.map(({ key }) => key)).toEqual(["web-2"]);
});

test("nobody else is stopped once it was ended", async () => {
  const { docker, told } = engine(cluster);
  await stopAll(docker, owned, AbortSignal.abort());
  expect(told).toEqual([]);
});

test("nobody's end is waited for once it was ended", async () => {
  const { docker } = engine({ "web-1": running("active"), db: running("accessory") });
  const told: string[] = [];
  const over = new AbortController();
  Object.assign(docker, {
    getContainer: (key: string) => ({
      stop: ({ abortSignal }: { abortSignal?: AbortSignal }) => {
        told.push(key);
        queueMicrotask(() => over.abort());
        // As a program that takes its time: only the signal ends the request.
        return new Promise((_, reject) => abortSignal?.addEventListener("abort", reject));
      },
    }),
  });
  await stopAll(docker, owned, over.signal);
  expect(told).toEqual(["web-1"]);
});
