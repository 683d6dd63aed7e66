import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { isSecret } from "../../components/model/secret.ts";
import type { MachineMade, MachinePlatform, NetworkedPlace } from "../../components/platform/contract.ts";
import { dockerPlatform } from "../../components/platform/docker/index.ts";
import { memoryPlatform } from "../../components/platform/memory/index.ts";
import { short, visible } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import { known, type Recorded, type Recording } from "../support/record.ts";
import { small } from "../unit/model/small.ts";
import { exercise, labels, type Made, type Subject, secretValue } from "./exercise.ts";

/* One suite for every adapter. The numbers are those of the rules in components/platform/CONTRACT.md. */

const plan = planAny(
  small({
    network: { subnet: "10.77.2.0/23" },
    balancer: {
      kind: "nginx",
      listen: {
        tls: { certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } } },
      },
    },
    pools: {
      web: { active: 2, standby: { hot: 1, cold: 1 }, environment: { TOKEN: { secret: "token" } } },
    },
  }) as never,
);

type Inputs = Readonly<Record<string, unknown>>;
type NoteInput = { running: boolean; labels: Record<string, string> };
const noteOf = (inputs: Inputs) => inputs.input as NoteInput;

const subjects: readonly Subject[] = [
  {
    name: "memory",
    make: memoryPlatform,
    labels: (inputs) => noteOf(inputs).labels,
    running: (inputs) => noteOf(inputs).running,
  },
  {
    name: "docker",
    make: () => dockerPlatform({ deliverFiles: async () => undefined }),
    labels: (inputs, type) =>
      type.startsWith("docker:")
        ? Object.fromEntries(
            (inputs.labels as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
          )
        : null,
    running: (inputs) => inputs.start !== false,
  },
];

/** What the adapter registered: all but the suite's own two. */
const own = ({ resources }: Recording<Made>) =>
  resources.filter(({ name }) => !["parent", "before"].includes(name));
const urnOf = (resource: pulumi.Resource) => known(resource.urn);
const byUrn = (a: Recorded, b: Recorded) => (a.urn < b.urn ? -1 : 1);

async function registered(
  recording: Recording<Made>,
  resource: pulumi.Resource | undefined,
): Promise<Recorded> {
  const urn = resource && (await urnOf(resource));
  const found = recording.resources.find((candidate) => candidate.urn === urn);
  if (found === undefined) throw new Error(`${urn} was never registered`);
  return found;
}

/** All machines that an adapter returned, by key. */
const machinesOf = ({ nodes, balancers, wardens, filter, door }: Made): [string, MachineMade][] => [
  ...nodes,
  ...balancers,
  ...wardens,
  ...(filter === null ? [] : ([["filter", filter]] as [string, MachineMade][])),
  ...(door === null ? [] : ([["door", door]] as [string, MachineMade][])),
];

/** The registration that is the machine itself: what others wait for. */
const machineOf = (recording: Recording<Made>, key: string) =>
  registered(recording, (recording.result.nodes.get(key) ?? recording.result.balancers.get(key))?.ready[0]);

describe.each(subjects)("the $name platform", ({ make, labels: labelsOf, running }) => {
  const run = (options: Parameters<typeof exercise>[2] = {}, platform: MachinePlatform = make()) =>
    exercise(platform, plan, options);

  test("1: its capabilities are plain data, the same whenever it is asked", () => {
    const { capabilities } = make();
    expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities);
    expect(make().capabilities).toEqual(capabilities);
    expect(Object.keys(capabilities).sort()).toEqual([
      "delivery",
      "door",
      "ipvs",
      "power",
      "virtualAddress",
      "warden",
    ]);
  });

  test.each([false, true])(
    "2: it makes a whole plan without a stray error (preview: %s)",
    async (preview) => {
      const { problems, stray } = await run({ preview });
      expect({ problems, stray }).toEqual({ problems: [], stray: [] });
    },
  );

  test("3: whatever it makes has the given parent, dependencies and other options", async () => {
    for (const { parent, dependsOn, protect, urn } of own(await run())) {
      expect([urn, short([parent]), protect]).toEqual([urn, ["Parent parent"], true]);
      expect(short(dependsOn)).toContain("Stash before");
    }
  });

  test("4: it names nothing but with the prefix that it was given", async () => {
    const prefixes = [
      "it-network",
      ...[...plan.nodes, ...plan.balancers, ...plan.wardens].map(({ key }) => `it-${key}`),
      "it-door",
      "it-filter",
    ];
    for (const { name } of own(await run()))
      expect(prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}-`))).toBe(true);
  });

  test("5: it labels everything that can bear labels", async () => {
    const found = own(await run()).map(({ inputs, type }) => labelsOf(inputs, type));
    const labelled = found.filter((value) => value !== null);
    expect(labelled.length).toBeGreaterThan(plan.nodes.length + plan.balancers.length);
    for (const value of labelled) expect(value).toEqual(labels);
  });

  test("6: it makes in an update exactly what a preview shows", async () => {
    const urns = async (preview: boolean) =>
      own(await run({ preview }))
        .map(({ urn }) => urn)
        .sort();
    expect(await urns(false)).toEqual(await urns(true));
  });

  test("7: it asks for the same again when nothing changed", async () => {
    const ask = async () => visible(own(await run()).toSorted(byUrn));
    expect(await ask()).toBe(await ask());
  });

  test("8: every machine has an id of its own, and the address that was planned", async () => {
    const { result } = await run();
    const machines = machinesOf(result);
    const ids = await Promise.all(machines.map(([, { id }]) => known(id)));
    expect(new Set(ids).size).toBe(machines.length);
    expect(ids.every((id) => id !== "")).toBe(true);
    const all = [
      ...plan.nodes,
      ...plan.balancers,
      ...plan.wardens,
      ...(plan.door === null ? [] : [plan.door]),
    ];
    const planned = new Map(all.map(({ key, address }) => [key, address]));
    // The filter is in no network.
    for (const [key, { address }] of machines) expect(await known(address)).toBe(planned.get(key) ?? "");
  });

  test("9: what others wait for is there: at least one resource of each machine", async () => {
    const recording = await run();
    for (const [, { ready }] of machinesOf(recording.result)) {
      expect(ready.length).toBeGreaterThan(0);
      for (const resource of ready) await registered(recording, resource);
    }
  });

  test("10: a cold standby comes out switched off, all others switched on", async () => {
    const recording = await run();
    const states = await Promise.all(
      [...plan.nodes, ...plan.balancers].map(async ({ key, role }) => [
        role,
        running((await machineOf(recording, key)).inputs),
      ]),
    );
    expect(states).toEqual([
      ["active", true],
      ["active", true],
      ["hot", true],
      ["cold", false],
      ["balancer", true],
      ["balancer", true],
    ]);
  });

  describe.each([...plan.balancers, ...plan.nodes])("11: a delivery to $key", ({ key }) => {
    const inputs = async (options: Parameters<typeof exercise>[2]) => {
      const recording = await run(options);
      return visible((await registered(recording, recording.result.deliveries.get(key))).inputs);
    };
    const same = { machineId: "one" };

    test("is the same for the same files and machine", async () => {
      expect(await inputs(same)).toBe(await inputs(same));
    });

    test("is another one when a file changes", async () => {
      const files: NonNullable<Parameters<typeof exercise>[2]>["files"] = ({ machine, files: before }) => ({
        machine,
        files: before.map((file) => (isSecret(file.content) ? file : { ...file, content: "# another" })),
      });
      expect(await inputs({ ...same, files })).not.toBe(await inputs(same));
    });

    test("is another one when a secret has another value", async () => {
      expect(await inputs({ ...same, secret: "renewed" })).not.toBe(await inputs(same));
    });

    test("is another one when the machine is another one", async () => {
      expect(await inputs({ machineId: "two" })).not.toBe(await inputs(same));
    });
  });

  test("12: no secret is in plain text in what the engine keeps", async () => {
    expect(visible((await run()).resources)).not.toContain(secretValue);
  });

  test("12: no file that is a secret passes through a delivery's inputs, not even as the engine's secret", async () => {
    const recording = await run();
    for (const [, delivery] of recording.result.deliveries)
      expect(JSON.stringify((await registered(recording, delivery)).inputs)).not.toContain(secretValue);
  });

  test("13: all that it makes can be reached as a raw child", async () => {
    const recording = await run();
    const { network, deliveries } = recording.result;
    const children = [network, ...machinesOf(recording.result).map(([, machine]) => machine)]
      .flatMap(({ resources }) => Object.values(resources))
      .concat([...deliveries.values()]);
    const reached = await Promise.all(children.map(urnOf));
    expect(reached.sort()).toEqual(
      own(recording)
        .map(({ urn }) => urn)
        .sort(),
    );
  });

  test("14: it has a door exactly where it says so, and refuses one otherwise", async () => {
    const platform = make();
    const { result } = await run({}, platform);
    expect(result.door !== null).toBe(platform.capabilities.door);
    if (platform.capabilities.door || plan.door === null) return;
    const door = plan.door;
    expect(() =>
      platform.door("it-door", door, { machine: "door", files: [] }, {} as NetworkedPlace),
    ).toThrow(/^it-door: /);
  });

  test("20: it has a filter and a warden a balancer exactly where it says so", async () => {
    const platform = make();
    const { warden } = platform.capabilities;
    const { result } = await run({}, platform);
    expect([platform.filter !== undefined, platform.warden !== undefined]).toEqual([warden, warden]);
    expect(result.filter !== null).toBe(warden);
    expect([...result.wardens.keys()]).toEqual(warden ? ["warden-1", "warden-2"] : []);
  });
});

test("the adapters differ in what they can do, so that both ways are walked", () => {
  const [memory, docker] = subjects.map(({ make }) => make().capabilities);
  expect(memory).toEqual({
    virtualAddress: "reassign",
    ipvs: true,
    power: "api",
    delivery: "user-data",
    door: false,
    warden: false,
  });
  expect(docker).toEqual({
    virtualAddress: "arp",
    ipvs: false,
    power: "engine",
    delivery: "engine",
    door: true,
    warden: true,
  });
});
