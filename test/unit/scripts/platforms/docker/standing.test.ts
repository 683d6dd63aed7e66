import type Docker from "dockerode";
import { expect, test } from "vitest";
import type { StateResource } from "../../../../../scripts/engine/state.ts";
import { standingDigest } from "../../../../../scripts/platforms/docker/standing.ts";

/** What an engine says of a container; a test changes a part of it. */
const container = (id: string, role: string) => ({
  Id: id,
  Name: `/dev-${id}`,
  Image: "sha256:1",
  Path: "node",
  Args: [],
  Config: { Env: ["A=1"], Labels: { "hotspare.role": role } as Record<string, string> },
  HostConfig: { Memory: 100, RestartPolicy: { Name: "always" } },
  NetworkSettings: {
    Networks: {
      dev: { NetworkID: "n", IPAMConfig: { IPv4Address: "10.0.0.1" }, MacAddress: "02:42", EndpointID: "e" },
    } as Record<string, object>,
  },
  State: { Running: true, Paused: false, StartedAt: "2026-01-01", Pid: 1, Health: {} },
  RestartCount: 0,
});
type Container = ReturnType<typeof container>;

interface World {
  readonly containers: Container[];
  readonly volumes: { Name: string; Driver: string; Labels: object; Options: object; UsageData?: object }[];
  readonly networks: { Id: string; Name: string; Driver: string; IPAM: object; Containers?: object }[];
}

const world = (): World => ({
  containers: [container("web-1", "active"), { ...container("web-2", "cold"), RestartCount: 1 }],
  volumes: [{ Name: "state", Driver: "local", Labels: {}, Options: {} }],
  networks: [{ Id: "n", Name: "dev", Driver: "bridge", IPAM: { Config: [{ Subnet: "10.0.0.0/22" }] } }],
});

const engine = ({ containers, volumes, networks }: World) =>
  ({
    listContainers: async () => containers.map(({ Id }) => ({ Id })),
    getContainer: (id: string) => ({ inspect: async () => containers.find(({ Id }) => Id === id) }),
    listVolumes: async () => ({ Volumes: volumes }),
    listNetworks: async () => networks,
  }) as unknown as Docker;

const known = (...ids: string[]): StateResource[] =>
  ids.map((id) => ({ urn: `urn:${id}`, type: "docker:index/container:Container", id, custom: true }));
const all = known("web-1", "web-2", "state", "n");

async function digestAfter(change: (there: World) => void, resources = all): Promise<string | null> {
  const there = world();
  change(there);
  return standingDigest(engine(there), { owner: "abcd", stack: "dev" }, resources);
}

/** The first container, of which a part can be changed. */
const first = ({ containers }: World) => containers[0] as Container;

test.each<[string, (there: World) => void]>([
  ["when somebody looks twice", () => {}],
  ["in another order", ({ containers }) => void containers.reverse()],
  ["after a restart", (there) => void Object.assign(first(there).State, { StartedAt: "2026-02-02", Pid: 9 })],
  [
    "with another card",
    (there) =>
      void Object.assign(first(there).NetworkSettings.Networks.dev as object, { MacAddress: "02:43" }),
  ],
  [
    "when a cold standby is switched",
    ({ containers }) => void Object.assign((containers[1] as Container).State, { Running: false }),
  ],
  [
    "while others come to the network",
    ({ networks }) => void Object.assign(networks[0] as object, { Containers: { x: {} } }),
  ],
])("the same stands %s", async (_, change) => {
  expect(await digestAfter(change)).toBe(await digestAfter(() => {}));
});

test.each<[string, (there: World) => void]>([
  ["a container was ended", (there) => void Object.assign(first(there).State, { Running: false })],
  ["a container is paused", (there) => void Object.assign(first(there).State, { Paused: true })],
  ["a container has another bound", (there) => void Object.assign(first(there).HostConfig, { Memory: 50 })],
  ["a container has other variables", (there) => void first(there).Config.Env.push("B=2")],
  ["a container was made anew", (there) => void Object.assign(first(there), { Id: "web-9" })],
  ["a container left the network", (there) => void delete first(there).NetworkSettings.Networks.dev],
  ["a container is gone", ({ containers }) => void containers.pop()],
  ["a volume is gone", ({ volumes }) => void volumes.pop()],
  [
    "the network has another subnet",
    ({ networks }) => void Object.assign(networks[0] as object, { IPAM: { Config: [] } }),
  ],
])("something else stands when %s", async (_, change) => {
  expect(await digestAfter(change, [])).not.toBe(await digestAfter(() => {}, []));
});

test("what the state knows and nobody sees makes the look worthless", async () => {
  expect(await digestAfter(({ volumes }) => void volumes.pop())).toBeNull();
  expect(await digestAfter(() => {}, [...all, ...known("elsewhere")])).toBeNull();
});
