import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { exitCodes } from "../../../../scripts/exit.ts";
import {
  type Circumstances,
  circumstanceDifferences,
  stepDifferences,
} from "../../../../scripts/review/saved/differences.ts";
import {
  hashOf,
  readSavedPlan,
  type SavedPlan,
  type SavedStep,
  savedPlanSchema,
  writeSavedPlan,
} from "../../../../scripts/review/saved/document.ts";
import { programHashes } from "../../../../scripts/review/saved/program.ts";
import { stepsOf } from "../../../../scripts/review/saved/steps.ts";
import { refusal } from "../../../support/refusal.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

const plan: SavedPlan = {
  schema: savedPlanSchema,
  stack: "dev",
  owner: "feedbeef",
  head: { commit: "c0ffee", dirty: false },
  verdict: "changed",
  tools: { node: "24.0.0", pulumi: "3.274.1", "docker provider": "5.2.0" },
  program: { "stacks/dev.ts": "1", "infra/index.ts": "2", "package-lock.json": "3" },
  rendered: { "lb-1/nginx.conf": "4", "lb-1/members.json": "5" },
  steps: [
    {
      urn: "urn:pulumi:dev::hotspare::docker:index/container:Container::dev-web-4",
      op: "create",
      before: null,
      after: "6",
    },
    {
      urn: "urn:pulumi:dev::hotspare::pulumi:index:Stash::dev-lb-1-files",
      op: "update",
      before: "7",
      after: "8",
    },
  ],
  enginePlan: { manifest: { version: "v3" }, resourcePlans: { a: { steps: ["create"] } } },
};

const fileWith = (text: string) => {
  const file = join(temporaryFolder(), "plan.json");
  writeFileSync(file, text);
  return file;
};

describe("the file", () => {
  test("comes back as it was written, for its writer only", () => {
    const file = join(temporaryFolder(), "plan.json");
    writeSavedPlan(file, plan);
    expect(readSavedPlan(file)).toEqual(plan);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  /** Writes the plan, changes one thing of the file and reads it. */
  const tampered = (change: (file: Record<string, unknown>) => void) => {
    const file = join(temporaryFolder(), "plan.json");
    writeSavedPlan(file, plan);
    const content = JSON.parse(readFileSync(file, "utf8"));
    change(content);
    writeFileSync(file, JSON.stringify(content));
    return refusal(() => readSavedPlan(file));
  };

  test.each<[string, (file: Record<string, unknown>) => void]>([
    [
      "another stack",
      (file) => {
        file.stack = "production";
      },
    ],
    [
      "another owner",
      (file) => {
        file.owner = "00000000";
      },
    ],
    [
      "a better verdict",
      (file) => {
        file.verdict = "unchanged";
      },
    ],
    [
      "another tool",
      (file) => {
        file.tools = { ...plan.tools, pulumi: "4.0.0" };
      },
    ],
    [
      "another program",
      (file) => {
        file.program = { ...plan.program, "stacks/dev.ts": "9" };
      },
    ],
    [
      "a file less",
      (file) => {
        file.program = { "infra/index.ts": "2" };
      },
    ],
    [
      "another rendered file",
      (file) => {
        file.rendered = { ...plan.rendered, "lb-1/nginx.conf": "9" };
      },
    ],
    [
      "a step less",
      (file) => {
        file.steps = plan.steps.slice(1);
      },
    ],
    [
      "a step more",
      (file) => {
        file.steps = [...plan.steps, { ...plan.steps[0], op: "delete" }];
      },
    ],
    [
      "other steps of the engine",
      (file) => {
        file.enginePlan = { ...plan.enginePlan, resourcePlans: {} };
      },
    ],
    [
      "another commit",
      (file) => {
        file.head = { commit: "decade", dirty: false };
      },
    ],
    [
      "another seal",
      (file) => {
        file.seal = "0".repeat(64);
      },
    ],
  ])("with %s is refused", (_, change) => {
    const { message, exitCode } = tampered(change);
    expect(message).toContain("has been changed since it was written");
    expect(exitCode).toBe(exitCodes.planRefused);
  });

  test.each<[string, (file: Record<string, unknown>) => void, string]>([
    [
      "no seal",
      (file) => {
        delete file.seal;
      },
      "seal",
    ],
    [
      "a field that nobody knows",
      (file) => {
        file.force = true;
      },
      "force",
    ],
    [
      "another schema",
      (file) => {
        file.schema = "hotspare.saved-plan/99";
      },
      "schema",
    ],
    [
      "a verdict that there isn't",
      (file) => {
        file.verdict = "fine";
      },
      "verdict",
    ],
  ])("with %s is refused and names it", (_, change, name) => {
    expect(tampered(change).message).toContain(name);
  });

  test.each([
    ["", "nothing"],
    ["{", "half of it"],
    ["[]", "a list"],
    ["null", "null"],
    ['{"error":{}}', "another document"],
  ])("%j is refused", (text) => {
    expect(refusal(() => readSavedPlan(fileWith(text))).exitCode).toBe(exitCodes.planRefused);
  });

  test("that isn't there is refused", () => {
    expect(refusal(() => readSavedPlan(join(temporaryFolder(), "none"))).message).toContain("can't be read");
  });
});

describe("what differs from the review", () => {
  const now = (change: Partial<Circumstances>): Circumstances => ({ ...plan, ...change });

  test("nothing, where all is as it was", () => {
    expect(circumstanceDifferences(plan, now({}))).toEqual([]);
  });

  test.each<[string, Partial<Circumstances>, string]>([
    ["the stack", { stack: "staging" }, "stack: reviewed for dev, this is staging"],
    ["the owner", { owner: "00000000" }, "owner: reviewed for feedbeef, this is 00000000"],
    [
      "a tool",
      { tools: { ...plan.tools, pulumi: "3.275.0" } },
      "pulumi: reviewed with 3.274.1, here 3.275.0",
    ],
    [
      "a tool that is gone",
      { tools: { node: "24.0.0", pulumi: "3.274.1" } },
      "docker provider: reviewed with 5.2.0, here none",
    ],
    [
      "the stack's file",
      { program: { ...plan.program, "stacks/dev.ts": "x" } },
      "stacks/dev.ts is another since the review",
    ],
    [
      "the lock file",
      { program: { ...plan.program, "package-lock.json": "x" } },
      "package-lock.json is another since the review",
    ],
    ["a new file", { program: { ...plan.program, "infra/x.ts": "x" } }, "infra/x.ts is new since the review"],
    [
      "a file that is gone",
      { program: { "stacks/dev.ts": "1", "package-lock.json": "3" } },
      "infra/index.ts is gone since the review",
    ],
    [
      "a rendered file",
      { rendered: { ...plan.rendered, "lb-1/nginx.conf": "x" } },
      "rendered file lb-1/nginx.conf is another since the review",
    ],
    [
      "a rendered file more",
      { rendered: { ...plan.rendered, "lb-2/nginx.conf": "x" } },
      "rendered file lb-2/nginx.conf is new since the review",
    ],
  ])("%s is named", (_, change, line) => {
    expect(circumstanceDifferences(plan, now(change))).toEqual([line]);
  });

  test("all at once", () => {
    const all = now({ owner: "0", program: {}, rendered: {} });
    expect(circumstanceDifferences(plan, all)).toHaveLength(1 + 3 + 2);
  });
});

describe("what the engine would do now", () => {
  const [create, update] = plan.steps as [SavedStep, SavedStep];
  const replace: SavedStep[] = ["create-replacement", "replace", "delete-replaced"].map((op) => ({
    ...create,
    op,
  }));

  test("the same is no difference, in whatever order resources come", () => {
    expect(stepDifferences(plan.steps, [update, create])).toEqual([]);
  });

  test.each<[string, SavedStep[], SavedStep[], string]>([
    [
      "done meanwhile",
      [create, update],
      [update],
      "Container dev-web-4 was reviewed as create and would now be unchanged",
    ],
    [
      "a step more",
      [update],
      [create, update],
      "Container dev-web-4 was reviewed as unchanged and would now be create",
    ],
    [
      "another step",
      [update],
      [{ ...update, op: "delete" }],
      "Stash dev-lb-1-files was reviewed as update and would now be delete",
    ],
    [
      "a replacement in another order",
      replace,
      [...replace].reverse(),
      "Container dev-web-4 was reviewed as create-replacement, replace, delete-replaced and would now be delete-replaced, replace, create-replacement",
    ],
    [
      "another state",
      [update],
      [{ ...update, before: "x" }],
      "Stash dev-lb-1-files is no longer as it was when the change was reviewed",
    ],
    [
      "another result",
      [update],
      [{ ...update, after: "x" }],
      "Stash dev-lb-1-files would get other settings than reviewed",
    ],
    [
      "other settings of what is new",
      [create],
      [{ ...create, after: "x" }],
      "Container dev-web-4 would get other settings than reviewed",
    ],
  ])("%s is named", (_, saved, now, line) => {
    expect(stepDifferences(saved, now)).toEqual([line]);
  });
});

describe("steps of a preview", () => {
  const event = (op: string, urn: string, before: object | null, after: object | null) =>
    ({
      resourcePreEvent: {
        metadata: { op, urn, old: before && { inputs: before }, new: after && { inputs: after } },
      },
    }) as never;

  test("leave out what changes nothing, keep a replacement's order, and come by URN", () => {
    const events = [
      event("same", "c", {}, {}),
      event("create-replacement", "b", { x: 1 }, { x: 2 }),
      event("update", "a", { y: 1 }, { y: 2 }),
      event("delete-replaced", "b", { x: 1 }, null),
      { summaryEvent: {} } as never,
    ];
    expect(stepsOf(events)).toEqual([
      { urn: "a", op: "update", before: hashOf({ y: 1 }), after: hashOf({ y: 2 }) },
      { urn: "b", op: "create-replacement", before: hashOf({ x: 1 }), after: hashOf({ x: 2 }) },
      { urn: "b", op: "delete-replaced", before: hashOf({ x: 1 }), after: null },
    ]);
  });

  test("hash inputs by what they are, not by their order", () => {
    expect(hashOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(hashOf({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
    expect(hashOf({ a: null })).not.toBe(hashOf({}));
  });
});

describe("hashes of the program", () => {
  let root: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };

  beforeEach(() => {
    root = temporaryFolder();
    const files = [
      "Pulumi.yaml",
      "package.json",
      "package-lock.json",
      "components/plan/a.ts",
      "infra/index.ts",
      "infra/runtime/warden/main.ts",
      "scripts/cli.ts",
      "stacks/dev.ts",
      "stacks/config/Pulumi.dev.yaml",
      "stacks/config/Pulumi.other.yaml",
      "README.md",
    ];
    for (const file of files) write(file, file);
  });

  test.each([
    "Pulumi.yaml",
    "package-lock.json",
    "components/plan/a.ts",
    "infra/runtime/warden/main.ts",
    "scripts/cli.ts",
    "stacks/dev.ts",
    "stacks/config/Pulumi.dev.yaml",
  ])("know %s", (file) => {
    const before = programHashes("dev", root);
    write(file, "another");
    expect(
      Object.entries(programHashes("dev", root)).filter(([path, hash]) => before[path] !== hash),
    ).toEqual([[file, expect.any(String)]]);
  });

  test.each(["stacks/config/Pulumi.other.yaml", "README.md", "node_modules/x/index.js"])(
    "don't care for %s",
    (file) => {
      const before = programHashes("dev", root);
      write(file, "another");
      expect(programHashes("dev", root)).toEqual(before);
    },
  );

  test("see files that come and go", () => {
    const before = programHashes("dev", root);
    rmSync(join(root, "scripts/cli.ts"));
    cpSync(join(root, "stacks/dev.ts"), join(root, "stacks/new.ts"));
    const after = programHashes("dev", root);
    expect(after).not.toHaveProperty(["scripts/cli.ts"]);
    expect(after).toHaveProperty(["stacks/new.ts"]);
    expect(Object.keys(after)).toHaveLength(Object.keys(before).length);
  });
});
