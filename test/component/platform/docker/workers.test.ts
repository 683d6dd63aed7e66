import { expect, test } from "vitest";
import { dockerPlatform } from "../../../../components/platform/docker/index.ts";
import { all, find, recordCluster, short } from "../../../support/clusters.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const image = { kind: "sample" };

const stack = {
  ...small(),
  pools: { web: { active: 1 } },
  workers: {
    mail: { kind: "worker", image, count: 2, health: { file: "/tmp/alive", age: "90 s" } },
    one: { kind: "singleton", image, health: { command: ["check"], startup: "5 s" } },
    tick: { kind: "scheduled", image, schedule: "0 3 * * *" },
  },
};

test("programs without clients are containers as their kind wants them, one of a name after the other", async () => {
  const recording = await recordCluster(planAny(stack));
  const of = (key: string) => find(recording, "Container", `it-${key}`);
  expect(of("mail-1").inputs).toMatchObject({
    restart: "always",
    wait: true,
    healthcheck: { tests: ["CMD-SHELL", "test $(( $(date +%s) - $(stat -c %Y '/tmp/alive') )) -le 90"] },
    capabilities: { drops: ["ALL"] },
  });
  expect(of("one-1").inputs).toMatchObject({
    restart: "unless-stopped",
    start: true,
    mustRun: false,
    wait: true,
    waitTimeout: 5,
  });
  expect(of("one-2").inputs).toMatchObject({ restart: "unless-stopped", start: false, mustRun: false });
  expect(of("one-2").inputs.wait).toBeUndefined();
  expect(of("tick-1").inputs).toMatchObject({ restart: "no", start: false, mustRun: false });
  // Standbys first: the one that runs goes before its successor comes.
  expect(short(of("one-1").dependsOn)).toContain("Container it-one-2");
  expect(short(of("mail-1").dependsOn)).toContain("Container it-mail-2");
  for (const { name, deleteBeforeReplace } of all(recording, "Container").filter(({ name }) =>
    /mail|one|tick/.test(name),
  ))
    expect(deleteBeforeReplace, name).toBe(true);
});

test("of a singleton the one that is to run stops the others before it is made, and no other does", async () => {
  const stopped: string[] = [];
  const platform = dockerPlatform({
    deliverFiles: async () => undefined,
    makeVolume: async () => undefined,
    stopOthers: async ({ key, of }, labels) =>
      void stopped.push(`${key} of ${of}, ${labels["hotspare.owner"]}`),
  });
  const recording = await recordCluster(planAny(stack), { platform });
  const hooks = (key: string) => find(recording, "Container", `it-${key}`).hooks.beforeCreate;
  for (const hook of hooks("one-1")) await recording.hooks.get(hook)?.({} as never);
  expect(stopped).toEqual(["one-1 of one, 0123abcd"]);
  expect(["one-2", "mail-1", "tick-1"].flatMap(hooks)).toEqual([]);
});
