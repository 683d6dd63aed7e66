import { containerParts, isSaid } from "../model/container.ts";
import { fingerprint } from "../model/hash.ts";
import type { ContainerSpec, PoolSpec, SecretReference } from "../model/spec.ts";
import type { PlanContext } from "./types.ts";

type Part<Name extends keyof ContainerSpec> = NonNullable<ContainerSpec[Name]>;

/**
 * What a container is given beside its image, as far as the stack says something: what it doesn't say is left out, so that a kit that
 * learns another part replaces no node.
 */
export interface ContainerOptions {
  readonly command?: Part<"command">;
  readonly user?: Part<"user">;
  /** By path. */
  readonly files?: Readonly<Record<string, FilePlan>>;
  /** By name. */
  readonly volumes?: Readonly<Record<string, VolumePlan>>;
  readonly tmpfs?: Part<"tmpfs">;
  readonly capabilities?: Part<"capabilities">;
  readonly shm?: Part<"shm">;
  readonly ulimits?: Part<"ulimits">;
}

/** A file that a container gets before it starts. */
export interface FilePlan {
  /** Of a secret its name, and what tells one value of it from another. */
  readonly content: FileContent | (SecretReference & { readonly version: string });
  /** Numbers of account and group. */
  readonly owner: string;
  readonly group: string;
  /** Octal, four digits. */
  readonly mode: string;
}

/** Text, or in base64 what isn't UTF-8. */
export type FileContent = { readonly text: string } | { readonly base64: string };

export interface VolumePlan {
  /** Name on the platform. It has no generation: what replaces a node finds its data. */
  readonly volume: string;
  /** Where it is in the container. */
  readonly path: string;
}

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
