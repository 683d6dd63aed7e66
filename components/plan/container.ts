import { containerParts, isSaid } from "../model/container.ts";
import { fingerprint } from "../model/hash.ts";
import type { ContainerSpec, PoolSpec } from "../model/spec.ts";
import type { ContainerOptions, FilePlan } from "./container-options.ts";
import type { PlanContext } from "./types.ts";

type Part<Name extends keyof ContainerSpec> = NonNullable<ContainerSpec[Name]>;

/** What the stack says of a container. @param volumeName name on the platform of a volume */
export function containerOptions(
  spec: ContainerSpec,
  context: PlanContext,
  volumeName: (name: string, shared: boolean) => string,
): ContainerOptions {
  const {
    files,
    volumes,
    environmentFiles: _,
    ...others
  } = Object.fromEntries(
    containerParts.flatMap((part) => (isSaid(spec[part]) ? [[part, spec[part]]] : [])),
  ) as Partial<ContainerSpec>;
  return {
    ...(others as ContainerOptions),
    ...(files === undefined ? {} : { files: mapped(files, (_, file) => planFile(file, context)) }),
    ...(volumes === undefined
      ? {}
      : {
          volumes: mapped(volumes, (name, { path, shared }) => ({ volume: volumeName(name, shared), path })),
        }),
  };
}

/** A pool's variables: its files of them in order, then what the stack says itself. */
export function environmentOf(
  { environment, environmentFiles }: Pick<PoolSpec, "environment" | "environmentFiles">,
  { environments }: PlanContext,
): PoolSpec["environment"] {
  const fromFiles = environmentFiles.map((path) => given(environments, path));
  return Object.assign({}, ...fromFiles, environment);
}

function planFile({ content, owner, mode }: Part<"files">[string], context: PlanContext): FilePlan {
  const [account = "0", group = account] = owner.split(":");
  return {
    content: contentOf(content, context),
    owner: account,
    group,
    mode,
  };
}

function contentOf(
  content: Part<"files">[string]["content"],
  { files, secrets = {} }: PlanContext,
): FilePlan["content"] {
  if ("secret" in content)
    return { secret: content.secret, version: fingerprint(secrets[content.secret] ?? "") };
  return "file" in content ? given(files, content.file) : content;
}

/** @throws Error for a file that the caller of the planner has not read */
function given<Value>(read: Readonly<Record<string, Value>> | undefined, path: string): Value {
  const value = read?.[path];
  if (value === undefined) throw new Error(`no content was given for the file "${path}"`);
  return value;
}

function mapped<In, Out>(
  record: Readonly<Record<string, In>>,
  change: (name: string, value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}
