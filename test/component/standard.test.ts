import * as docker from "@pulumi/docker";
import { describe, expect, test } from "vitest";
import { forwardsPackets } from "../../components/plan/tiers/forwards.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { clusterName, recordCluster, visible } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import type { Recorded } from "../support/record.ts";
import { small } from "../support/small.ts";
import { stacks } from "../support/stacks.ts";

const planOf = (stack: unknown) => planAny(stack as { pools: object });

/** Balancers, and the directors in front of them. */
const tiersOf = ({ balancers, directors }: ClusterPlan) => [...balancers, ...(directors?.machines ?? [])];

/** Containers of which there is one by each name, whose data or work no two may have at once. */
const besideNodes = ({ accessories = [], workers = [] }: ClusterPlan) => [...accessories, ...workers];

/** Every machine of a plan. */
const machinesOf = (plan: ClusterPlan) => [
  ...tiersOf(plan),
  ...besideNodes(plan),
  ...plan.nodes,
  ...plan.wardens,
  ...[plan.door, plan.filter].filter((machine) => machine !== null),
];

/** Small containers that make a node's network, where packets come to it for the virtual address. */
const holdersOf = (plan: ClusterPlan) =>
  forwardsPackets(plan)
    ? plan.nodes.map(({ name, key, fingerprint }) => ({
        name: `${name}-net`,
        key: `${key}-net`,
        role: "network",
        fingerprint,
      }))
    : [];

/** Everything that a cluster can have: secrets in variables and files, four balancers, no standbys in one pool. */
const rich = small({
  environment: "production",
  protect: true,
  balancer: {
    kind: "nginx",
    count: 4,
    listen: {
      tls: { certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } } },
    },
  },
  pools: {
    web: { active: 2, standby: { hot: 2, cold: 2 }, environment: { TOKEN: { secret: "token" }, A: "b" } },
    api: { active: 1, image: { kind: "reference", reference: "ghcr.io/acme/api:1" } },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api" },
  ],
});

const plans: readonly (readonly [string, ClusterPlan])[] = [
  ...Object.entries(stacks)
    .map(([name, stack]) => [name, planOf(stack)] as const)
    .filter(([, { platform }]) => platform.kind === "docker"),
  [
    "one balancer, one node",
    planOf(small({ balancer: { kind: "nginx", count: 1 }, pools: { web: { active: 1 } } })),
  ],
  ["a bit of everything", planOf(rich)],
];

const labelable = ["Network", "Container", "Volume"];
const typeOf = ({ type }: Recorded) => type.split(":").at(-1) ?? "";

/** Labels as the Docker provider gets them, as one object. */
function labelsOf({ inputs }: Recorded): Record<string, string> {
  const list = inputs.labels as { label: string; value: string }[];
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

describe.each(plans)("the cluster of %s", (_, plan) => {
  const updated = once(() => recordCluster(plan));
  const previewed = once(() => recordCluster(plan, { preview: true }));

  test.each([false, true])(
    "is made without a duplicate name or a stray error (preview: %s)",
    async (preview) => {
      const { problems, stray } = await recordCluster(plan, { preview });
      expect({ problems, stray }).toEqual({ problems: [], stray: [] });
    },
  );

  test("is the root of all its resources", async () => {
    const { resources } = await updated();
    const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
    const rootOf = (urn: string): string =>
      parents.get(urn) === "" ? urn : rootOf(parents.get(urn) ?? "lost");
    expect(new Set(resources.map(({ urn }) => rootOf(urn)))).toEqual(
      new Set([`urn:pulumi:test::hotspare::hotspare:index:Cluster::${clusterName}`]),
    );
  });

  test("begins all its resources' names with its own", async () => {
    const { resources } = await updated();
    const others = resources.map(({ name }) => name).filter((name) => !name.startsWith(`${clusterName}-`));
    expect(others).toEqual([clusterName]);
  });

  test("names no resource but by keys of the plan", async () => {
    const { resources } = await updated();
    const containers = resources.filter((resource) => typeOf(resource) === "Container");
    const machines = [...machinesOf(plan), ...holdersOf(plan)];
    expect(containers.map(({ inputs }) => inputs.name).sort()).toEqual(
      machines.map(({ name }) => name).sort(),
    );
  });

  test("labels everything that can bear labels", async () => {
    const { resources } = await updated();
    const own = ({ role, key }: { role: string; key: string }) => ({
      "hotspare.role": role,
      "hotspare.key": key,
    });
    const machines = new Map<string, Record<string, string>>([
      ...machinesOf(plan).map((machine) => [machine.name, own(machine)] as const),
      // Nodes tell by which change they came, so that the next one knows whether to replace them.
      ...[...plan.nodes, ...holdersOf(plan)].map(
        (node) =>
          [
            node.name,
            { ...own(node), "hotspare.generation": "0", "hotspare.fingerprint": node.fingerprint },
          ] as const,
      ),
    ]);
    const common = {
      "hotspare.owner": plan.owner,
      "hotspare.stack": "test",
      "hotspare.cluster": plan.cluster,
    };
    const labelled = resources.filter((resource) => labelable.includes(typeOf(resource)));
    // The network, the machines, three volumes a balancer or director, and one of each warden, the door and the filter.
    const volumes = [plan.door, plan.filter].filter((machine) => machine !== null).length;
    expect(labelled.length).toBe(
      1 + machines.size + tiersOf(plan).length * 3 + plan.wardens.length + volumes,
    );
    for (const resource of labelled) {
      const own = machines.get(String(resource.inputs.name).replace(/-(run|temp)$/, "")) ?? {};
      expect(labelsOf(resource)).toEqual({ ...common, ...own });
    }
  });

  test("makes in an update exactly what the preview shows", async () => {
    const [preview, update] = [await previewed(), await updated()];
    const urns = ({ resources }: { resources: readonly Recorded[] }) =>
      resources.map(({ urn }) => urn).sort();
    expect(urns(update)).toEqual(urns(preview));
  });

  test("asks for the same again when nothing changed", async () => {
    const asked = ({ resources }: { resources: readonly Recorded[] }) => visible(resources.toSorted(byUrn));
    expect(asked(await recordCluster(plan))).toBe(asked(await updated()));
  });

  test("gives an explicit provider to every Docker resource", async () => {
    const { resources } = await recordCluster(plan, {
      options: () => ({ providers: [new docker.Provider("mine", { host: "unix:///x.sock" })] }),
    });
    const ours = resources.filter(({ type }) => type.startsWith("docker:"));
    expect(new Set(ours.map(({ provider }) => provider))).toEqual(
      new Set(["urn:pulumi:test::hotspare::pulumi:providers:docker::mine::docker-mine"]),
    );
  });

  test("shows no secret: not in inputs, not in names", async () => {
    const { resources } = await updated();
    expect(visible(resources)).not.toContain("plain text of");
  });

  test("keeps small summaries of its components in the state, and no argument objects", async () => {
    const { resources } = await updated();
    const inputs = new Map(
      resources.filter(({ custom }) => !custom).map(({ type, inputs }) => [type, inputs]),
    );
    expect([...inputs].map(([type, fields]) => [type, Object.keys(fields)]).sort()).toEqual(
      [
        ["hotspare:index:BalancerTier", ["kind"]],
        ["hotspare:index:Cluster", ["cluster", "environment", "platform", "protect"]],
        ["hotspare:index:NodePool", ["pool"]],
        ...(inputs.has("hotspare:index:StandbyPool") ? [["hotspare:index:StandbyPool", ["pool"]]] : []),
      ].sort(),
    );
  });

  test("needs no aliases, ignores no changes, and replaces in no other order than Pulumi's but what may run only once", async () => {
    const { resources } = await updated();
    const holders = new Set(holdersOf(plan).map(({ name }) => name));
    const single = new Set(besideNodes(plan).map(({ name }) => name));
    for (const { inputs, aliases, ignoreChanges, deleteBeforeReplace } of resources)
      expect({ aliases, ignoreChanges, deleteBeforeReplace }).toEqual({
        aliases: 0,
        // Neither another image of directors nor another kit may replace a node.
        ignoreChanges: holders.has(String(inputs.name)) ? ["image", "command", "readOnly", "tmpfs"] : [],
        // A database or a worker must have ended before the next one begins.
        deleteBeforeReplace: single.has(String(inputs.name)),
      });
  });
});

/** The same recording for every test that only looks at it. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function byUrn(a: Recorded, b: Recorded): number {
  return a.urn < b.urn ? -1 : 1;
}

describe("the checks above", () => {
  test("see a secret that is given as plain text", async () => {
    const { resources } = await recordCluster(planOf(rich), {
      transform: { node: (args) => ({ ...args, envs: ["TOKEN=plain text of token"] }) },
    });
    expect(visible(resources)).toContain("plain text of token");
  });

  test("see the secret values where the engine gets them as secrets", async () => {
    const { resources } = await recordCluster(planOf(rich));
    expect(JSON.stringify(resources)).toContain("TOKEN=plain text of token");
  });
});
