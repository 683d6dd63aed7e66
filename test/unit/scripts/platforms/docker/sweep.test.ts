import type Docker from "dockerode";
import { expect, test } from "vitest";
import { stillUsed, sweep, sweepBeside } from "../../../../../scripts/platforms/docker/sweep.ts";

const ownership = { owner: "0123abcd", stack: "dev" };

/** An engine that has these volumes, and says this status when one of them is removed. */
function engineWith(
  volumes: Readonly<Record<string, { readonly kept?: boolean; readonly answer?: number }>>,
) {
  const docker = {
    listContainers: async () => [],
    listNetworks: async () => [],
    listVolumes: async () => ({
      Volumes: Object.entries(volumes).map(([Name, { kept }]) => ({
        Name,
        Labels: kept ? { "hotspare.kept": "data" } : {},
      })),
    }),
    getVolume: (name: string) => ({
      remove: async () => {
        const statusCode = volumes[name]?.answer;
        if (statusCode !== undefined) throw Object.assign(new Error(`status ${statusCode}`), { statusCode });
      },
    }),
  };
  return docker as unknown as Docker;
}

test("a volume that a container still has is not said to be removed; one that is gone already is", async () => {
  const docker = engineWith({ free: {}, gone: { answer: 404 }, used: { kept: true, answer: 409 } });
  const swept = await sweep(docker, ownership, new Set(), true);
  expect([swept.volumes, swept.inUse]).toEqual([["free", "gone"], ["used"]]);
  expect(stillUsed(swept.inUse)).toBe(
    "used stays: containers have it that are not the cluster's (`docker ps --all --filter volume=used` shows who)",
  );
});

test("volumes with data are left alone where nobody asks for them", async () => {
  const swept = await sweep(engineWith({ used: { kept: true, answer: 409 }, free: {} }), ownership);
  expect([swept.volumes, swept.inUse]).toEqual([["free"], []]);
});

test("what Docker can't remove for another reason fails", async () => {
  await expect(sweep(engineWith({ broken: { answer: 500 } }), ownership)).rejects.toThrow("status 500");
});

test.each([
  [false, ["load", "task", "fill"]],
  [true, ["load", "task", "fill", "backup"]],
])("what stands beside a cluster goes with it; a backup where data go: %s", async (data, expected) => {
  const there = [
    ["load", "hotspare.drill=0123abcd/dev"],
    ["task", "hotspare.task=0123abcd/dev"],
    ["fill", "hotspare.fill=0123abcd/dev"],
    ["backup", "hotspare.tool=0123abcd/dev"],
    ["another", "hotspare.task=0123abcd/other"],
  ] as const;
  const removed: string[] = [];
  const docker = {
    listContainers: async ({ filters }: { filters: { label: string[] } }) =>
      there.filter(([, label]) => filters.label.includes(label)).map(([Id]) => ({ Id, Names: [`/${Id}`] })),
    getContainer: (id: string) => ({ remove: async () => void removed.push(id) }),
  };
  expect(await sweepBeside(docker as unknown as Docker, ownership, data)).toEqual(expected);
  expect(removed).toEqual(expected);
});
