import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { ClusterPlan, GroupPlan } from "../../components/plan/types.ts";
import type {
  GroupMade,
  GroupPlatform,
  NetworkMade,
  Place,
  TierMade,
} from "../../components/platform/contract.ts";
import { memoryGroupPlatform } from "../../components/platform/memory/groups.ts";
import { outputs, testPlatform } from "../support/aws.ts";
import { awsPlan } from "../support/aws-stacks.ts";
import { short, visible } from "../support/clusters.ts";
import { known, type Recorded, type Recording, record } from "../support/record.ts";
import { labels, secretValue } from "./exercise.ts";

/* One suite for every adapter of a platform that keeps groups. The numbers are those of the rules in CONTRACT.md. */

const plan = awsPlan(
  { pools: { api: { scaling: { max: 9, targets: [{ kind: "cpu", percent: 60 }] } } } },
  {
    balancer: {
      kind: "nginx",
      listen: {
        tls: { certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } } },
      },
    },
    pools: {
      web: { active: 2, standby: { hot: 1, cold: 1 }, environment: { TOKEN: { secret: "token" } } },
      api: { active: 3 },
    },
    routes: [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ],
  },
);

interface Made {
  readonly network: NetworkMade;
  readonly tier: TierMade;
  readonly groups: ReadonlyMap<string, GroupMade>;
  readonly monitor: { readonly resources: Readonly<Record<string, pulumi.Resource>> };
}

/** What the suite must know of an adapter to look at a group that it made. */
interface Subject {
  readonly name: string;
  readonly make: () => GroupPlatform;
  /** Labels of a registered resource; null for one that can't bear any. */
  readonly labels: (inputs: Inputs, type: string) => Record<string, string> | null;
  readonly numbers: (group: Recorded) => { min: unknown; desired: unknown; max: unknown; waiting: unknown };
}

type Inputs = Readonly<Record<string, unknown>>;

/** Tags are a map everywhere but on Auto Scaling groups. */
function tagsOf({ tags }: Inputs): Record<string, string> | null {
  if (tags === undefined) return null;
  const { Name: _, ...own } = Array.isArray(tags)
    ? (Object.fromEntries(
        (tags as { key: string; value: string }[]).map(({ key, value }) => [key, value]),
      ) as Record<string, string>)
    : (tags as Record<string, string>);
  return own;
}

const subjects: readonly Subject[] = [
  {
    name: "memory",
    make: memoryGroupPlatform,
    labels: ({ input }) => (input as { labels: Record<string, string> }).labels,
    numbers: ({ inputs }) => {
      const { count, waiting } = (inputs.input as { group: GroupPlan }).group;
      return { ...count, desired: count.desired, waiting: waiting?.count };
    },
  },
  {
    name: "aws",
    make: testPlatform,
    labels: tagsOf,
    numbers: ({ inputs, ignoreChanges }) => ({
      min: inputs.minSize,
      desired: ignoreChanges.includes("desiredCapacity") ? undefined : inputs.desiredCapacity,
      max: inputs.maxSize,
      waiting: (inputs.warmPool as { minSize: number } | undefined)?.minSize,
    }),
  },
];

interface Options {
  readonly preview?: boolean;
  readonly plan?: ClusterPlan;
}

/** Asks an adapter for everything in a plan, one thing after the other, as the components do. */
function exercise(platform: GroupPlatform, options: Options = {}): Promise<Recording<Made>> {
  const { preview = false, plan: planned = plan } = options;
  return record(
    () => {
      const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
      const before = new pulumi.Stash("before", { input: 0 });
      const place: Place = {
        plan: planned,
        labels,
        options: { parent, dependsOn: [before], protect: true },
        secret: () => pulumi.secret(secretValue),
      };
      const network = platform.network("it-network", place);
      const [balancers, ...nodes] = planned.groups;
      if (balancers === undefined) throw new Error("the plan lists no groups");
      const tier = platform.tier("it-lb", balancers, { ...place, network });
      const groups = new Map(
        nodes.map((group) => [
          group.key,
          platform.group(`it-${group.key}`, group, { ...place, network, tier }),
        ]),
      );
      const monitor = platform.monitor("it-monitor", { ...place, network, tier, groups });
      return { network, tier, groups, monitor };
    },
    { preview, outputs },
  );
}

const own = ({ resources }: Recording<Made>) =>
  resources.filter(({ name }) => !["parent", "before"].includes(name));
const urnOf = (resource: pulumi.Resource) => known(resource.urn);

describe.each(subjects)("the $name platform", ({ make, labels: labelsOf, numbers }) => {
  const run = (options?: Options) => exercise(make(), options);

  test("1: its capabilities are plain data, the same whenever it is asked", () => {
    const { capabilities } = make();
    expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities);
    expect(make().capabilities).toEqual(capabilities);
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
    const prefixes = ["it-network", "it-monitor", ...plan.groups.map(({ key }) => `it-${key}`)];
    for (const { name } of own(await run()))
      expect(prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}-`))).toBe(true);
  });

  test("5: it labels everything that can bear labels", async () => {
    const found = own(await run()).map(({ inputs, type }) => labelsOf(inputs, type));
    const labelled = found.filter((value) => value !== null);
    expect(labelled.length).toBeGreaterThan(plan.groups.length);
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
    const ask = async () => visible(own(await run()).toSorted((a, b) => (a.urn < b.urn ? -1 : 1)));
    expect(await ask()).toBe(await ask());
  });

  test("9: what others wait for is there, and every group has an id of its own", async () => {
    const { result, resources } = await run();
    const all = [result.tier, ...result.groups.values()];
    const registered = new Set(resources.map(({ urn }) => urn));
    for (const { ready } of all) {
      expect(ready.length).toBeGreaterThan(0);
      for (const resource of ready) expect(registered).toContain(await urnOf(resource));
    }
    const ids = await Promise.all(all.map(({ id }) => known(id)));
    expect(new Set(ids).size).toBe(plan.groups.length);
  });

  test("12: no secret is in plain text in what the engine keeps", async () => {
    expect(visible((await run()).resources)).not.toContain(secretValue);
  });

  test("13: all that it makes can be reached as a raw child", async () => {
    const recording = await run();
    const { network, tier, groups, monitor } = recording.result;
    const children = [network, tier, ...groups.values(), monitor].flatMap(({ resources }) =>
      Object.values(resources),
    );
    const reached = await Promise.all(children.map(urnOf));
    expect(reached.sort()).toEqual(
      own(recording)
        .map(({ urn }) => urn)
        .sort(),
    );
  });

  test("21: every group has the planned numbers, but for the one that targets move, and the planned standbys", async () => {
    const recording = await run();
    const of = async (made: GroupMade | undefined) => {
      const [main] = made?.ready ?? [];
      const urn = main && (await urnOf(main));
      const found = recording.resources.find((resource) => resource.urn === urn);
      if (found === undefined) throw new Error(`${urn} was never registered`);
      return numbers(found);
    };
    const { tier, groups } = recording.result;
    expect(await of(tier)).toEqual({ min: 2, desired: 2, max: 2, waiting: undefined });
    expect(await of(groups.get("web"))).toEqual({ min: 2, desired: 2, max: 2, waiting: 1 });
    expect(await of(groups.get("web-hot"))).toEqual({ min: 1, desired: 1, max: 1, waiting: undefined });
    expect(await of(groups.get("api"))).toEqual({ min: 3, desired: undefined, max: 9, waiting: undefined });
  });

  test("22: clients have an address that is known once the tier is there", async () => {
    expect(await known((await run()).result.tier.address)).toMatch(/\.example$/);
  });
});
