import type { ClusterChange, MachineChange, Topology } from "../../components/review/compare/types.ts";
import type {
  EngineReview,
  EngineStep,
  PropertyChange,
  StepKind,
} from "../../components/review/engine/types.ts";
import type { Risk } from "../../components/review/risks/types.ts";
import { type Review, reviewSchema } from "../../components/review/types.ts";

/* Reviews for the printers' tests: small ones by hand, large ones by number. Random ones are in random-reviews.ts. */

export function review(overrides: Partial<Review> = {}): Review {
  return {
    schema: reviewSchema,
    stack: "dev",
    base: { ref: "main", commit: "1234567890abcdef1234567890abcdef12345678", dirty: false },
    head: { ref: "working tree", commit: null, dirty: true },
    verdict: "changed",
    failures: [],
    change: null,
    risks: [],
    engine: null,
    confinement: null,
    ...overrides,
  };
}

export function step(overrides: Partial<EngineStep> = {}): EngineStep {
  const name = overrides.name ?? "web-1";
  const type = overrides.type ?? "docker:index/container:Container";
  return {
    urn: `urn:pulumi:dev::hotspare::${type}::${name}`,
    name,
    type,
    component: ["dev", "web"],
    kind: "update",
    order: null,
    causes: [],
    properties: [],
    protected: false,
    holdsData: false,
    retained: false,
    opens: [],
    failed: false,
    ...overrides,
  };
}

export function engineReview(
  steps: readonly EngineStep[],
  overrides: Partial<EngineReview> = {},
): EngineReview {
  const kinds: StepKind[] = ["create", "update", "replace", "delete", "read", "import", "discard", "other"];
  const counts = Object.fromEntries(
    kinds.map((kind) => [kind, steps.filter((one) => one.kind === kind).length]),
  ) as Record<StepKind, number>;
  return { result: "succeeded", counts, steps, diagnostics: [], policies: [], drift: null, ...overrides };
}

export function property(path: string, before: string, after: string, replaces = false): PropertyChange {
  return {
    path,
    kind: "update",
    replaces,
    before: { kind: "value", text: before },
    after: { kind: "value", text: after },
  };
}

export function risk(overrides: Partial<Risk> = {}): Risk {
  return {
    code: "risk.last-hot-standby-removed",
    severity: "danger",
    path: "pools.web.standby.hot",
    message: "1 → 0 hot standbys: when an active node is lost, its part of the capacity is lost with it",
    hint: "keep one, or acknowledge it with a reason",
    acknowledged: null,
    ...overrides,
  };
}

export function machine(key: string, overrides: Partial<MachineChange> = {}): MachineChange {
  return {
    key,
    role: "active",
    pool: "web",
    action: "added",
    order: null,
    reasons: [],
    files: [],
    ...overrides,
  };
}

const topology = (nodes: readonly string[], added: readonly string[]): Topology => ({
  address: "10.77.0.10",
  tier: "nginx",
  balancers: ["lb-1", "lb-2"].map((key) => ({ key, label: `${key} · 10.77.0.2`, action: null })),
  door: null,
  aside: [],
  pools: [
    {
      name: "web",
      title: "web: round-robin",
      boxes: [...nodes, "web-hot-1"].map((key) => ({
        key,
        label: key.includes("hot") ? `${key} · hot standby` : `${key} · 20 %`,
        action: added.includes(key) ? "added" : null,
      })),
    },
  ],
  routes: [{ path: "/", pool: "web" }],
});

const range = (low: number, high = low) => ({ low, high });

export function clusterChange(overrides: Partial<ClusterChange> = {}): ClusterChange {
  return {
    kind: "changed",
    sentences: [],
    machines: [],
    machinesUnchanged: 0,
    pools: [],
    settings: [],
    files: [],
    cover: { before: null, after: null },
    forecasts: [],
    rollout: [],
    topology: { before: null, after: null },
    warnings: { added: [], gone: [] },
    ...overrides,
  };
}

/** `web` from 3 to 5 active nodes, and another algorithm: what a person sees first of a review. */
export const scaled: ClusterChange = clusterChange({
  sentences: [
    {
      subject: "pool web",
      text: "3 → 5 active nodes, capacity +67 %, still survives the loss of 1 balancer and 2 nodes",
    },
    {
      subject: "pool web",
      text: "round-robin → consistent-hash on the client's address: every key gets a home",
    },
    { subject: "rollout", text: "no request fails while it rolls out" },
  ],
  machines: [
    machine("lb-1", {
      role: "balancer",
      pool: null,
      action: "updated",
      files: ["members.json", "nginx.conf"],
    }),
    machine("lb-2", {
      role: "balancer",
      pool: null,
      action: "updated",
      files: ["members.json", "nginx.conf"],
    }),
    machine("web-4"),
    machine("web-5"),
  ],
  machinesUnchanged: 7,
  pools: [
    {
      name: "web",
      kind: "changed",
      capacity: 5 / 3,
      nodes: { before: { active: 3, hot: 1, cold: 1 }, after: { active: 5, hot: 1, cold: 1 } },
      shares: ["web-1", "web-2", "web-3", "web-4", "web-5"].map((node, index) => ({
        node,
        before: index < 3 ? 1 / 3 : null,
        after: 0.2,
      })),
      keysMoved: null,
      settings: [{ path: "algorithm.kind", before: "round-robin", after: "consistent-hash" }],
    },
  ],
  settings: [{ path: "tier.keepalive", before: "64", after: "128" }],
  files: [
    {
      path: "nginx.conf",
      machines: ["lb-1", "lb-2"],
      kind: "changed",
      mode: null,
      hunks: [
        {
          oldStart: 41,
          oldLines: 4,
          newStart: 41,
          newLines: 4,
          lines: [
            "   upstream web {",
            "-    keepalive 64;",
            "+    keepalive 128;",
            "     # `members` are in Lua",
            "   }",
          ],
        },
      ],
      added: 1,
      removed: 1,
    },
  ],
  cover: {
    before: { balancers: 1, pools: [{ pool: "web", nodes: 3, wholeCapacity: 1, afterOneLoss: 2 / 3 }] },
    after: { balancers: 1, pools: [{ pool: "web", nodes: 5, wholeCapacity: 1, afterOneLoss: 0.8 }] },
  },
  forecasts: [
    {
      id: "node-killed",
      title: "a node is killed",
      forecast: {
        before: {
          id: "node-killed",
          title: "a node is killed",
          detect: range(0, 200),
          noService: range(0),
          lost: { get: range(0), post: range(0, 3), idempotent: range(0) },
          worst: range(20, 1020),
          capacity: null,
        },
        after: {
          id: "node-killed",
          title: "a node is killed",
          detect: range(0, 200),
          noService: range(0),
          lost: { get: range(0), post: range(0, 2), idempotent: range(0) },
          worst: range(20, 1020),
          capacity: null,
        },
      },
    },
  ],
  rollout: [
    {
      text: "web: 2 nodes are added, each tested before it gets requests",
      lost: range(0),
      takes: range(2000, 9000),
    },
  ],
  topology: {
    before: topology(["web-1", "web-2", "web-3"], []),
    after: topology(["web-1", "web-2", "web-3", "web-4", "web-5"], ["web-4", "web-5"]),
  },
});

/** A few steps of each kind that matters. */
export const dangerousSteps: readonly EngineStep[] = [
  step({ name: "web-4", kind: "create" }),
  step({
    name: "cluster",
    type: "docker:index/network:Network",
    component: ["dev"],
    kind: "replace",
    order: "delete-first",
    causes: [
      {
        kind: "property",
        from: null,
        properties: ["ipamConfigs[0].subnet"],
        text: "its subnet changes, and a network can't change that in place",
      },
    ],
    properties: [property("ipamConfigs[0].subnet", "10.75.84.0/22", "10.99.0.0/22", true)],
  }),
  ...["web-1", "web-2", "web-3"].map((name) =>
    step({
      name,
      kind: "replace",
      order: "delete-first",
      causes: [
        {
          kind: "cascade",
          from: "urn:pulumi:dev::hotspare::docker:index/network:Network::cluster",
          properties: ["ipamConfigs[0].subnet"],
          text: "cluster is replaced because its subnet changes",
        },
      ],
    }),
  ),
  step({
    name: "orders",
    type: "docker:index/volume:Volume",
    component: ["dev", "store"],
    kind: "delete",
    holdsData: true,
    causes: [{ kind: "gone", from: null, properties: [], text: "the program doesn't have it any more" }],
  }),
  step({
    name: "ledger",
    type: "aws:s3/bucket:Bucket",
    component: [],
    kind: "delete",
    holdsData: true,
    protected: true,
    failed: true,
    causes: [{ kind: "gone", from: null, properties: [], text: "the program doesn't have it any more" }],
  }),
];

/** So many steps: a third each replaced, deleted and updated, in ten components. */
export function manySteps(number: number): EngineStep[] {
  return Array.from({ length: number }, (_, index) => {
    const kind = (["replace", "delete", "update"] as const)[index % 3] ?? "update";
    return step({
      name: `node-${index}`,
      component: ["dev", `pool-${index % 10}`],
      kind,
      order: kind === "replace" ? "create-first" : null,
      protected: index % 100 === 0,
      causes: [
        {
          kind: "property",
          from: null,
          properties: ["image"],
          text: `image ${index} can't be changed in place`,
        },
      ],
      properties: [
        property("image", `app:${index}`, `app:${index + 1}`, true),
        property("envs[0]", "A=1", `A=${index}`),
      ],
    });
  });
}
