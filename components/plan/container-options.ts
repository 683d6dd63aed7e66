import type { ContainerSpec, SecretReference } from "../model/spec.ts";

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
