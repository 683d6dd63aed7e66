import type { z } from "zod";
import { nearest } from "./nearest.ts";
import { own } from "./own.ts";
import { stackSchema } from "./schema/stack.ts";

/*
 * What a person probably meant who wrote a field's name or an amount in another way than the kit has it.
 */

/** Names that other tools have for a field. */
const elsewhere: Readonly<Record<string, string>> = {
  env: "environment",
  replicas: "active",
  instances: "active",
  scale: "active",
  hot: "standby.hot",
  cold: "standby.cold",
  healthcheck: "health",
  ports: "port",
  mem_limit: "memory",
  servers: "pools",
  services: "pools",
};

/** The field that is meant by a name that isn't there; null where nobody can tell. @param path of what should have the field */
export function fieldMeant(path: readonly PropertyKey[], key: string): string | null {
  const fields = fieldsAt(stackSchema, path);
  const known = own(elsewhere, key.toLowerCase());
  if (known !== undefined && fields.includes(known.split(".")[0] ?? "")) return known;
  return nearest(key, fields);
}

interface Node {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
}

/** Names of the fields at a path of a shape; of a choice those of all its kinds. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const node = schema._zod.def as unknown as Node;
  const inside = node.innerType ?? node.in;
  if (inside !== undefined) return fieldsAt(inside, path);
  if (node.options !== undefined) return node.options.flatMap((option) => fieldsAt(option, path));
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(node.shape ?? {});
  const next = node.valueType ?? node.element ?? node.shape?.[String(step)];
  return next === undefined ? [] : fieldsAt(next, rest);
}

const spans: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["ms", "msec", "millisecond", "milliseconds"].map((unit) => [unit, "ms"])),
  ...Object.fromEntries(["s", "sec", "secs", "second", "seconds"].map((unit) => [unit, "s"])),
  ...Object.fromEntries(["m", "min", "mins", "minute", "minutes"].map((unit) => [unit, "min"])),
  ...Object.fromEntries(["h", "hr", "hour", "hours"].map((unit) => [unit, "h"])),
};
const sizes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["b", "byte", "bytes"].map((unit) => [unit, "B"])),
  ...Object.fromEntries(["k", "kb", "ki", "kib"].map((unit) => [unit, "KB"])),
  ...Object.fromEntries(["m", "mb", "mi", "mib"].map((unit) => [unit, "MB"])),
  ...Object.fromEntries(["g", "gb", "gi", "gib"].map((unit) => [unit, "GB"])),
};

/** `5 s` for `5s`, `128 MB` for `128m`; null where no unit is known. @param what as the shape's own sentence calls it */
export function amountMeant(value: unknown, what: "time span" | "amount"): string | null {
  if (typeof value !== "string") return null;
  const [, number, word = ""] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(value.trim()) ?? [];
  const unit = own(what === "time span" ? spans : sizes, word.toLowerCase());
  const meant = number === undefined || unit === undefined ? null : `${number} ${unit}`;
  // Who has written it so meant another range.
  return meant === value ? null : meant;
}

/** `/healthz` for `healthz`, `my-shop` for `My Shop`; null where nobody can tell. @param message the shape's own sentence about it */
export function wordMeant(message: string, value: unknown): string | null {
  if (typeof value !== "string") return null;
  if (message.includes(" is not a URL path ")) return /^\w[\w./-]*$/.test(value) ? `/${value}` : null;
  if (!message.includes(" is not a name of lower-case letters")) return null;
  const name = value
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return name === "" || name === value ? null : name;
}
