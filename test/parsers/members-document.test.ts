import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exec, images, put, start } from "../support/containers.ts";
import { membersCases } from "../support/members-cases.ts";

/* The balancer's own check of the members document, against the documents that the model's schema takes and refuses. */

test("the balancer takes and refuses the same documents as the model", async () => {
  const { balancer } = await images();
  const container = await start("members-document", {
    Image: balancer,
    Cmd: ["sleep", "120"],
    HostConfig: { AutoRemove: true, NetworkMode: "none" },
  });
  await put(container, "/", {
    "accepted.lua": readFileSync(join(import.meta.dirname, "../lua/accepted.lua"), "utf8"),
    // Each as a text of its own, so that `null` is a document too.
    "cases.json": JSON.stringify(membersCases.map(({ document }) => JSON.stringify(document))),
  });
  const { stdout, stderr } = await exec(container, "luajit", "/accepted.lua", "/cases.json");
  await container.remove({ force: true });
  expect(stderr).toBe("");
  const accepted = JSON.parse(stdout) as boolean[];
  const verdicts = membersCases.map(({ name }, index) => ({ name, accepted: accepted[index] }));
  expect(verdicts).toEqual(membersCases.map(({ name, accepted }) => ({ name, accepted })));
});
