import type { ClusterPlan, GroupPlan } from "../../components/plan/types.ts";
import type { GroupPlatform, MachinePlatform } from "../../components/platform/contract.ts";
import { dockerPlatform } from "../../components/platform/docker/index.ts";
import { memoryGroupPlatform } from "../../components/platform/memory/groups.ts";
import { memoryPlatform } from "../../components/platform/memory/index.ts";
import { metalPlatform } from "../../components/platform/metal/index.ts";
import { outputs, testPlatform } from "../support/aws/platform.ts";
import { awsPlan } from "../support/aws/stacks.ts";
import { metalPlan } from "../support/metal/stacks.ts";
import { planAny } from "../support/plan-any.ts";
import type { Recorded } from "../support/record.ts";
import { small } from "../support/small.ts";
import type { ExerciseOptions } from "./exercise.ts";

/* Every adapter, and what the suite must know of it to look at what it made. A new one is one more entry here. */

export type Inputs = Readonly<Record<string, unknown>>;

interface SubjectBase {
  readonly name: string;
  readonly plan: ClusterPlan;
  /** Labels of a registered resource; null for one that can't bear any. */
  readonly labels: (inputs: Inputs, type: string) => Record<string, string> | null;
  /** What the platform's provider would make up. */
  readonly outputs?: NonNullable<ExerciseOptions["outputs"]>;
  /** An adapter that no stack can choose: it stands for a kind of platform in tests alone. */
  readonly standIn?: true;
}

/** An adapter of a platform whose machines the plan lists. */
export interface PlannedSubject extends SubjectBase {
  readonly make: () => MachinePlatform;
  /** Whether a registered machine comes out switched on. */
  readonly running: (inputs: Inputs) => boolean;
}

/** An adapter of a platform that keeps groups. */
export interface GroupSubject extends SubjectBase {
  readonly make: () => GroupPlatform;
  readonly numbers: (group: Recorded) => { min: unknown; desired: unknown; max: unknown; waiting: unknown };
}

const balancer = {
  kind: "nginx" as const,
  listen: {
    tls: {
      certificate: { kind: "given" as const, certificate: { secret: "chain" }, key: { secret: "key" } },
    },
  },
};
const web = { active: 2, standby: { hot: 1, cold: 1 }, environment: { TOKEN: { secret: "token" } } };

/** A pair and a pool with each kind of standby, door and wardens. */
const machines = planAny(small({ network: { subnet: "10.77.2.0/23" }, balancer, pools: { web } }) as never);

/** The same in groups, with a pool of which targets move the number. */
const groups = awsPlan(
  { pools: { api: { scaling: { max: 9, targets: [{ kind: "cpu", percent: 60 }] } } } },
  {
    balancer,
    pools: { web, api: { active: 3 } },
    routes: [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ],
  },
);

type NoteInput = { running: boolean; labels: Record<string, string>; group: GroupPlan };
const noteOf = (inputs: Inputs) => inputs.input as NoteInput;

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

export const plannedSubjects: readonly PlannedSubject[] = [
  {
    name: "memory",
    make: memoryPlatform,
    plan: machines,
    labels: (inputs) => noteOf(inputs).labels,
    running: (inputs) => noteOf(inputs).running,
  },
  {
    name: "docker",
    make: () => dockerPlatform({ deliverFiles: async () => undefined }),
    plan: machines,
    labels: (inputs, type) =>
      type.startsWith("docker:")
        ? Object.fromEntries(
            (inputs.labels as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
          )
        : null,
    running: (inputs) => inputs.start !== false,
  },
  {
    name: "metal",
    make: () => metalPlatform({ deliverFiles: () => async () => undefined }),
    plan: metalPlan({}, { balancer, pools: { web: { ...web, standby: { hot: 1 } } } }),
    labels: (inputs, type) =>
      type.startsWith("hotspare-metal:") ? (inputs.labels as Record<string, string>) : null,
    // Nothing switches servers: all of them are on.
    running: () => true,
  },
];

export const groupSubjects: readonly GroupSubject[] = [
  {
    name: "memory with groups",
    standIn: true,
    make: memoryGroupPlatform,
    plan: groups,
    labels: (inputs) => noteOf(inputs).labels,
    numbers: ({ inputs }) => {
      const { count, waiting } = noteOf(inputs).group;
      return { ...count, desired: count.desired, waiting: waiting?.count };
    },
  },
  {
    name: "aws",
    make: testPlatform,
    plan: groups,
    outputs,
    labels: tagsOf,
    numbers: ({ inputs, ignoreChanges }) => ({
      min: inputs.minSize,
      desired: ignoreChanges.includes("desiredCapacity") ? undefined : inputs.desiredCapacity,
      max: inputs.maxSize,
      waiting: (inputs.warmPool as { minSize: number } | undefined)?.minSize,
    }),
  },
];

export const subjects: readonly (PlannedSubject | GroupSubject)[] = [...plannedSubjects, ...groupSubjects];
