import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { render } from "../../../components/render/index.ts";
import { type ContextFile, contextContent, contextFiles } from "../../../infra/build-context.ts";
import { projectRoot } from "../../../infra/context.ts";
import { pulumi } from "../../engine/command.ts";
import { platformOfKnown } from "../../platforms/select.ts";
import { currentOwner, planOf } from "../../stacks.ts";
import type { Circumstances } from "./differences.ts";
import { hashOf } from "./document.ts";

/** What the program and the commands that run it are made of; the lock file stands for the dependencies. */
const parts = [
  "Pulumi.yaml",
  "package.json",
  "package-lock.json",
  "components",
  "infra",
  "scripts",
  "stacks",
];

/** Settings of stacks; those of others play no part, and may be a person's own. */
const settings = "stacks/config/";

/** All that decides what an `up` of a stack does, apart from the state. */
export async function circumstances(stack: string): Promise<Circumstances> {
  const owner = currentOwner();
  return {
    stack,
    owner,
    tools: await toolVersions(stack),
    program: programHashes(stack),
    rendered: renderedHashes(stack, owner),
  };
}

/** Hashes of the program's files as they lie there, by path. */
export function programHashes(stack: string, root = projectRoot): Record<string, string> {
  const files = parts.flatMap((part): ContextFile[] =>
    statSync(join(root, part)).isDirectory()
      ? contextFiles(join(root, part)).map((file) => ({ ...file, path: `${part}/${file.path}` }))
      : [{ path: part, mode: 0o644 }],
  );
  const own = files.filter(
    ({ path }) => !path.startsWith(settings) || path === `${settings}Pulumi.${stack}.yaml`,
  );
  return Object.fromEntries(
    own.map((file) => {
      const content = contextContent(root, file);
      return [file.path, createHash("sha256").update(`${file.mode} `).update(content).digest("hex")];
    }),
  );
}

/** Hashes of a stack's rendered files, by machine and path. */
function renderedHashes(stack: string, owner: string): Record<string, string> {
  return Object.fromEntries(
    render(planOf(stack, owner)).flatMap(({ machine, files }) =>
      files.map((file) => [`${machine}/${file.path}`, hashOf([file.mode, file.content])]),
    ),
  );
}

async function toolVersions(stack: string): Promise<Circumstances["tools"]> {
  const { stdout } = await pulumi(["version"]);
  return {
    node: process.versions.node,
    pulumi: stdout.trim().replace(/^v/, ""),
    ...platformOfKnown(stack).tools(),
  };
}
