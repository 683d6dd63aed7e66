import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import type { GroupPlan, GroupPrograms } from "../../../components/plan/types.ts";
import { followerProgram } from "../../../components/render/aws/balancer.ts";
import { render } from "../../../components/render/index.ts";
import { contextFiles } from "../../../infra/build-context.ts";
import { planContext, programFolders } from "../../../infra/context.ts";
import { bootstrap } from "../../../infra/grounds/aws/bootstrap.ts";
import { awsPlan, awsStack } from "../../support/aws-stacks.ts";
import { developmentStack } from "../../support/plans.ts";

/* The hash in a plan has to see every program that a bundle has: one that it doesn't see would change without a review's word. */

const runtime = join(import.meta.dirname, "../../../infra/runtime");

async function filesOf(archive: Buffer): Promise<Map<string, string>> {
  const unpacked = extract();
  unpacked.end(gunzipSync(archive));
  const files = new Map<string, string>();
  for await (const entry of unpacked) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    files.set(entry.header.name, Buffer.concat(parts).toString());
  }
  return files;
}

/** Contents of all files in the folders that a plan's hash is made of. */
function hashed(kind: GroupPrograms): string[] {
  return programFolders[kind].flatMap((folder) =>
    contextFiles(join(runtime, folder)).map(({ path }) => readFileSync(join(runtime, folder, path), "utf8")),
  );
}

test.each<[GroupPrograms, string, object]>([
  ["sample", "web", {}],
  ["node", "web", { image: { kind: "reference", reference: "acme/api:2" } }],
  ["balancer", "lb", {}],
])(
  "a bundle of a %s has rendered files, and programs that the plan's hash sees",
  async (kind, of, fields) => {
    const plan = awsPlan({}, { pools: { web: { active: 2, ...fields } } });
    const group = plan.groups.find(({ key }) => key === of) as GroupPlan;
    const rendered = new Set(
      render(plan)
        .find(({ machine }) => machine === of)
        ?.files.map(({ content }) => content),
    );
    const archive = readFileSync(bootstrap.bundle(plan, group).file);
    const programs = [...(await filesOf(archive))].filter(
      // The follower is made of its folder's sources, and so in no folder as it is.
      ([name, content]) => !rendered.has(content) && !name.endsWith(followerProgram),
    );
    const seen = hashed(kind);
    expect(programs.length).toBeGreaterThan(2);
    expect(programs.filter(([, content]) => !seen.includes(content)).map(([name]) => name)).toEqual([]);
  },
);

test("the hashes are of this checkout, one for each kind of machine, and on AWS alone", () => {
  const { programs } = planContext(loadStack("test", awsStack()), "owner", {});
  expect(new Set(Object.values(programs ?? {})).size).toBe(3);
  expect(planContext(loadStack("dev", developmentStack), "owner", {}).programs).toBeUndefined();
});
