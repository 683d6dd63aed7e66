import { expect, test } from "vitest";
import { changesText } from "../../scripts/engine/changes.ts";
import type { GroupsStatus } from "../../scripts/platforms/aws/cluster-status.ts";
import type { Project } from "../support/project.ts";

/** The stack of these tests; its file is `testStack`. */
export const stack = "aws-staging";

/** As small as a stack can be that has everything: balancers, nodes, a hot standby, a cold one; protected as production is. */
export function testStack({
  active,
  platform,
  tier,
}: {
  active: number;
  platform: object;
  tier?: object;
}): string {
  const input = {
    name: "hotspare-test",
    environment: "staging",
    platform: { kind: "aws", region: "eu-central-1", instanceType: "t4g.small", ...platform },
    network: { subnet: "10.80.0.0/22" },
    balancer: { kind: "nginx", count: 2, ...tier },
    pools: { web: { active, standby: { hot: 1, cold: 1 } } },
    protect: true,
  };
  return `export default ${JSON.stringify(input)};\n`;
}

export interface Life {
  readonly project: Project;
  /** Writes the stack with so many active nodes. */
  readonly withNodes: (active: number) => Promise<void>;
}

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
}

/** What a preview would do with what isn't only a container of other things, counted as `up` counts. */
async function previewed(project: Project): Promise<string> {
  const { stdout, stderr, exitCode } = await project.run("pulumi", "preview", "-s", stack, "--json");
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const { steps = [] } = JSON.parse(stdout) as { steps?: readonly PreviewStep[] };
  const counts: Record<string, number> = {};
  for (const { op, urn } of steps) {
    const type = urn.split("::").at(-2)?.split("$").at(-1) ?? "";
    if (!type.startsWith("hotspare:") && type !== "pulumi:pulumi:Stack") counts[op] = (counts[op] ?? 0) + 1;
  }
  return changesText(counts);
}

/** A stack's life by the commands, the same whatever plays AWS. @param life known when the tests run */
export function livesItsLife(life: () => Life): void {
  const status = () => life().project.json<GroupsStatus>("status", stack);
  const up = async () =>
    changesText((await life().project.json<{ changes: Record<string, number> }>("up", stack)).changes);

  test("the first up makes what a preview shows, and a preview afterwards shows nothing", async () => {
    await life().withNodes(2);
    const made = await life().project.run("pulumi", "stack", "init", stack);
    expect(made).toMatchObject({ exitCode: 0 });
    const foreseen = await previewed(life().project);
    expect(foreseen).toMatch(/^\d+ resources made$/);
    expect(await up()).toBe(foreseen);
    expect(await previewed(life().project)).toBe("");
  });

  test("all groups are whole", async () => {
    const { findings, groups } = await status();
    expect(findings.filter((finding) => !finding.startsWith("alarm "))).toEqual([]);
    expect(groups.map(({ key, inService }) => [key, inService])).toEqual([
      ["lb", 2],
      ["web", 2],
      ["web-hot", 1],
    ]);
  });

  test("one node more is a change in place", async () => {
    await life().withNodes(3);
    const foreseen = await previewed(life().project);
    expect(foreseen).toMatch(/^\d resources? changed in place$/);
    expect(await up()).toBe(foreseen);
    expect((await status()).groups.find(({ key }) => key === "web")?.inService).toBe(3);
  });

  test("down removes all of it", async () => {
    const { exitCode, stderr } = await life().project.run("down", stack, "--yes");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(await life().project.run("status", stack)).toMatchObject({ exitCode: 6 });
  });
}
