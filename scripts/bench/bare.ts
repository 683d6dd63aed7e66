import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { kitRoot } from "../../infra/project-root.ts";
import { folderOf, known } from "../ephemeral/store.ts";
import { environmentIn } from "../ephemeral/surroundings.ts";
import { projectName } from "../stacks.ts";

/** A Pulumi program that makes what a cluster is made of. */
export interface Bare {
  up(): Promise<unknown>;
  destroy(): Promise<unknown>;
}

interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Containers wait for networks and volumes, as in the kit; all else is made at once. */
const program = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
const resources = JSON.parse(readFileSync(new URL("resources.json", import.meta.url), "utf8"));
const ground = [];
for (const { type, name, inputs } of resources) {
  const isContainer = type.includes("container");
  const options = { dependsOn: isContainer ? ground : [] };
  const made = new pulumi.CustomResource(type, name, inputs, options);
  if (!isContainer) ground.push(made);
}
`;

/** In the folder of the cluster, so that whatever ends us leaves nothing behind. @param cluster an ephemeral one that stands */
export async function makeBare(cluster: string): Promise<Bare> {
  const record = known(cluster);
  const folder = join(folderOf(cluster), "bare");
  mkdirSync(join(folder, "backend"), { recursive: true });
  const state = join(folderOf(cluster), "backend/.pulumi/stacks", projectName, `${record.stack}.json`);
  const { checkpoint } = JSON.parse(readFileSync(state, "utf8")) as {
    checkpoint: { latest: { resources: Resource[] } };
  };
  const resources = checkpoint.latest.resources
    .filter(({ type }) => !type.startsWith("pulumi:") && !type.startsWith("hotspare:"))
    .map(({ type, urn, inputs }) => ({
      type,
      name: urn.split("::").at(-1),
      inputs: withoutDefaults(inputs),
    }));
  writeFileSync(join(folder, "resources.json"), JSON.stringify(resources));
  writeFileSync(join(folder, "index.mjs"), program);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: bare\nmain: index.mjs\nruntime: { name: nodejs, options: { typescript: false } }\n",
  );
  symlinkSync(join(kitRoot, "node_modules"), join(folder, "node_modules"));
  const env = { ...environmentIn(record), PULUMI_BACKEND_URL: `file://${join(folder, "backend")}` };
  const run = (...args: string[]) =>
    execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: folder,
      env,
      extendEnv: false,
    });
  await run("stack", "init", "bare");
  return {
    up: () => run("up", "--yes", "--skip-preview", "--stack", "bare"),
    destroy: () => run("destroy", "--yes", "--skip-preview", "--stack", "bare"),
  };
}

/** What the provider has filled in by itself it fills in again. */
function withoutDefaults(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== "__defaults"));
}
