import { unknown } from "../../record.ts";
import { unknownValue } from "../../record-engine-runs/provider.ts";
import { account } from "../facts.ts";

/*
 * What of AWS's resource types the checker and the stand-in provider know. A type that isn't here is refused by both, so a program
 * that begins to use another one has to tell what is known about it.
 */

/** Inputs or outputs of a resource, as they travel to a provider. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value that only a real creation will tell: the engine's word for it, or the recorder's. */
export const isUnknown = (value: unknown): boolean => value === unknownValue || value === unknown;

/** What a creation has to make up something from. */
export interface Making {
  /** 17 hexadecimal digits, as EC2's identifiers have; another for each creation. */
  readonly hex: string;
  readonly inputs: Fields;
  readonly region: string;
}

/** How an input names another resource. */
export interface Reference {
  /** Path of the input; `*` stands for each element of a list. */
  readonly path: string;
  /** Type of what is named. */
  readonly to: string;
  /** Output of the named resource that the value is. */
  readonly by: "id" | "arn" | "name" | "dnsName";
  /** AWS refuses to delete what is named as long as this one exists. */
  readonly holds: boolean;
  /** Input of what is named that, when it is true, takes this one away with it. */
  readonly unless?: string;
}

export interface ResourceType {
  /**
   * Paths of inputs that can't be changed in place. The rules are those of the Terraform AWS provider, which Pulumi's is made
   * from: `ForceNew` in the schema of the resource of that name.
   */
  readonly replaces: readonly string[];
  /** Paths of lists whose order says nothing (`TypeSet` there). */
  readonly sets?: readonly string[];
  /** The input that AWS and Pulumi know it by; no two of a type have the same. */
  readonly name?: string;
  /** What is made up, the identifier under `id`. The inputs are outputs besides. */
  readonly make: (making: Making) => Fields & { readonly id: string };
  /** What besides can't be changed in place, as it depends on the values. Unknown ones say nothing. */
  readonly replacesWhen?: (before: Fields, after: Fields) => readonly string[];
  /** Outputs that grow by one with an update of these inputs; `foretold` are those that a preview knows to. */
  readonly renews?: (changed: readonly string[]) => {
    readonly outputs: readonly string[];
    readonly foretold: boolean;
  };
  readonly references: readonly Reference[];
}

/** An ARN in the region of the making. */
export function arn(service: string, { region }: Pick<Making, "region">, rest: string): string {
  return `arn:aws:${service}:${region}:${account}:${rest}`;
}

/** Text of an input; "" where there is none. */
export const textOf = (inputs: Fields, key: string): string => String(inputs[key] ?? "");

/** A reference that keeps what it names from being deleted. */
export const held = (path: string, to: string, by: Reference["by"] = "id"): Reference => ({
  path,
  to,
  by,
  holds: true,
});

/** A reference to something that may go nevertheless. */
export const loose = (path: string, to: string, by: Reference["by"] = "id"): Reference => ({
  path,
  to,
  by,
  holds: false,
});
