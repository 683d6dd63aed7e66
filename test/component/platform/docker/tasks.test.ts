import { expect, test } from "vitest";
import type { TaskPlan } from "../../../../components/plan/types.ts";
import { dockerPlatform } from "../../../../components/platform/docker/index.ts";
import { complaint } from "../../../../components/platform/docker/run-task.ts";
import type { TaskGiven } from "../../../../components/platform/docker/task.ts";
import { find, recordCluster, secretValue, short, visible } from "../../../support/clusters.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const stack = {
  ...small(),
  pools: {
    web: {
      active: 1,
      environment: { TOKEN: { secret: "token" } },
      files: { "/etc/app.key": { content: { secret: "key" }, owner: "33" } },
      volumes: { media: { path: "/media", shared: true } },
      beforeRelease: { command: ["migrate"] },
      afterRelease: { command: ["warm"] },
    },
    jobs: { active: 1, beforeRelease: { command: ["prepare"] } },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/jobs", pool: "jobs" },
  ],
  accessories: { db: { image: { kind: "sample" } } },
};

async function recorded() {
  const ran: { task: TaskPlan; given: TaskGiven }[] = [];
  const volumes: string[] = [];
  const platform = dockerPlatform({
    deliverFiles: async () => undefined,
    makeVolume: async (name) => void volumes.push(name),
    runTask: async (task, given) => void ran.push({ task, given }),
  });
  return { ran, volumes, recording: await recordCluster(planAny(stack), { platform }) };
}

test("programs run after the accessories, one after the other, and before any node; those after it when all balancers know", async () => {
  const { recording } = await recorded();
  const before = (name: string) => short(find(recording, "Stash", name).dependsOn);
  expect(before("it-web-before-release")).toEqual(
    expect.arrayContaining(["Container it-db", "Network it-network"]),
  );
  expect(before("it-jobs-before-release")).toEqual(["Stash it-web-before-release"]);
  for (const node of ["it-web-1", "it-jobs-1"])
    expect(short(find(recording, "Container", node).dependsOn)).toEqual(
      expect.arrayContaining(["Stash it-jobs-before-release", "Stash it-web-before-release"]),
    );
  expect(before("it-web-after-release")).toEqual(["Stash it-tier-lb-1-files", "Stash it-tier-lb-2-files"]);
});

test("one runs before its release is noted, at its first and at every other one, with variables, files and volumes", async () => {
  const { ran, volumes, recording } = await recorded();
  const { hooks, inputs } = find(recording, "Stash", "it-web-before-release");
  expect(hooks.beforeUpdate).toEqual(hooks.beforeCreate);
  for (const hook of hooks.beforeCreate) await recording.hooks.get(hook)?.({} as never);
  expect(volumes).toEqual(["demo-0123-web-all-media"]);
  expect(ran).toMatchObject([
    {
      task: { command: ["migrate"] },
      given: {
        variables: expect.arrayContaining([`TOKEN=${secretValue("token")}`]),
        paths: ["/etc/app.key"],
        files: [{ name: "0", uid: 33, content: Buffer.from(secretValue("key")) }],
      },
    },
  ]);
  expect(visible(inputs)).not.toMatch(/plain text/);
});

test("what failed says how, what stands, and what it wrote last", () => {
  const task = { shownAs: "web", when: "before", command: ["migrate", "--all"], timeout: 5000 } as const;
  expect(complaint(task, ["no table"], 3, false)).toBe(
    "pools.web.beforeRelease: migrate ended with exit code 3; no new node was made, and what served before serves on; its last lines:\n    no table",
  );
  expect(complaint({ ...task, when: "after" }, [], null, false)).toBe(
    "pools.web.afterRelease: migrate was ended after 5 s, its timeout; the release serves, and the next `up` runs it again; it wrote nothing",
  );
  expect(complaint(task, [], 137, true)).toContain("ended with exit code 137, killed for want of memory;");
});
