import type Docker from "dockerode";
import { expect, test } from "vitest";
import type { StateResource } from "../../../../../scripts/engine/state.ts";
import { remaining } from "../../../../../scripts/platforms/docker/down.ts";

/** A Docker Engine that has these; asked for others it says 404, or what is given. */
function engineWith(ids: readonly string[], otherwise: object = { statusCode: 404 }): Docker {
  const get = (id: string) => ({
    inspect: () => (ids.includes(id) ? Promise.resolve({}) : Promise.reject(otherwise)),
  });
  return { getContainer: get, getNetwork: get, getVolume: get } as unknown as Docker;
}

const resource = (type: string, id?: string): StateResource => ({
  urn: `urn:pulumi:dev::hotspare::${type}::${id}`,
  type,
  custom: true,
  ...(id === undefined ? {} : { id }),
});
const container = resource("docker:index/container:Container", "c1");
const network = resource("docker:index/network:Network", "n1");
const volume = resource("docker:index/volume:Volume", "v1");
const all = [container, network, volume];

test("of Docker's things those remain that the Docker Engine still has", async () => {
  expect(await remaining(engineWith([]), all)).toEqual([]);
  expect(await remaining(engineWith(["n1"]), all)).toEqual([network]);
});

test("what can't be told of remains: other providers' things, one without an id, all where Docker is silent", async () => {
  const bucket = resource("aws:s3/bucket:Bucket", "b1");
  const half = resource("docker:index/container:Container");
  expect(await remaining(engineWith([]), [bucket, half, ...all])).toEqual([bucket, half]);
  expect(await remaining(engineWith([], new Error("connect ENOENT")), all)).toEqual(all);
});

test("components, providers and notes are never left over", async () => {
  const cluster = { ...resource("hotspare:index:Cluster"), custom: false };
  const inside = [cluster, resource("pulumi:providers:docker", "p"), resource("pulumi:index:Stash", "s")];
  expect(await remaining(engineWith([]), inside)).toEqual([]);
});
