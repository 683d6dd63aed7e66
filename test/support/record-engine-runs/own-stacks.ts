import { homedir } from "node:os";
import { execa } from "execa";
import { resolveDockerHost } from "../../../components/platform/docker/endpoint.ts";
import { Project } from "../project.ts";
import { writeFixture } from "./fixture.ts";

/*
 * Records what the real engine says about changes of our own stack `dev`: one `up` in a checkout of its own, then a preview for
 * each change, then `down`. `node test/support/record-engine-runs/own-stacks.ts [name…]`; needs Docker. See README.md.
 */

/** A change of `stacks/dev.ts`: the text that is replaced, and by what. */
const changes: Readonly<Record<string, readonly [string, string]>> = {
  "own-stack-unchanged": ["active: 3", "active: 3"],
  "own-stack-scale-up": ["active: 3", "active: 5"],
  "own-stack-scale-down": ["active: 3", "active: 1"],
  "own-stack-algorithm": ["active: 3", 'active: 3, algorithm: { kind: "least-connections" }'],
  "own-stack-balancer-size": ["count: 2", "count: 2, cpus: 0.5"],
  "own-stack-subnet": ["pools: {", 'network: { subnet: "10.99.0.0/22" },\n  pools: {'],
  "own-stack-environment": ["active: 3", 'active: 3, environment: { LEVEL: "2" }'],
  "own-stack-one-balancer": ["count: 2", "count: 1"],
  "own-stack-more-hot": ["hot: 1", "hot: 2"],
  "own-stack-no-cold": ["hot: 1, cold: 1", "hot: 1"],
  "own-stack-weights": ["active: 3", 'active: 3, weights: { "web-1": 4 }'],
  // No route leads to it, so the program ends with an error.
  "own-stack-refused": ["cold: 1 } },", "cold: 1 } },\n    api: { active: 2 },"],
};

async function record(project: Project, name: string, command: readonly string[]): Promise<void> {
  const { stdout: state } = await project.run("pulumi", "stack", "export", "-s", "dev");
  const { stdout, stderr } = await project.run(
    "pulumi",
    ...command,
    "-s",
    "dev",
    "--json",
    "--non-interactive",
  );
  if (!stdout.includes("summaryEvent")) throw new Error(`${name}: the engine told nothing:\n${stderr}`);
  await writeFixture(name, stdout, JSON.parse(state));
  console.log(`recorded ${name}`);
}

async function recordChange(
  project: Project,
  name: string,
  [from, to]: readonly [string, string],
): Promise<void> {
  await project.edit("stacks/dev.ts", from, to);
  await record(project, name, ["preview"]);
  await project.edit("stacks/dev.ts", to, from);
}

/** Somebody removes a node by hand, and nobody tells the engine. */
async function recordDrift(project: Project): Promise<void> {
  const status = await project.json<{ machines: { key: string; name: string }[] }>("status", "dev");
  const node = status.machines.find(({ key }) => key === "web-2");
  if (node === undefined) throw new Error(`status knows no web-2: ${JSON.stringify(status)}`);
  const host = resolveDockerHost(process.env, homedir());
  await execa("docker", ["rm", "-f", node.name], { env: { DOCKER_HOST: host } });
  await record(project, "own-stack-drift", ["refresh", "--preview-only"]);
}

process.env.PULUMI_ENABLE_STREAMING_JSON_PREVIEW = "true";
const asked = process.argv.slice(2);
const project = await Project.create();
try {
  const up = await project.run("up", "dev");
  if (up.exitCode !== 0) throw new Error(`up ended with ${up.exitCode}:\n${up.stderr}`);
  for (const [name, change] of Object.entries(changes))
    if (asked.length === 0 || asked.includes(name)) await recordChange(project, name, change);
  if (asked.length === 0 || asked.includes("own-stack-drift")) await recordDrift(project);
} finally {
  await project.run("down", "dev");
  await project.remove();
}
