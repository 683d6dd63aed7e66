import catalogue from "./catalogue.json" with { type: "json" };

/*
 * What AWS has: instance types and zones, from a table with its source and date in catalogue.json. A stack is judged by it
 * without credentials, so a type that is newer than the table has to be added to it first.
 */

export type Architecture = "x86_64" | "arm64";

export interface InstanceType {
  readonly name: string;
  readonly architecture: Architecture;
  readonly vcpus: number;
  /** GiB. */
  readonly memory: number;
  /** Cloud hardware: no hypervisor below. */
  readonly metal: boolean;
  /** CPU credits instead of whole cores: T types. */
  readonly burstable: boolean;
}

type Sizes = Readonly<Record<string, readonly number[]>>;
const families = new Map<string, Sizes>(Object.entries(catalogue.families));
const zones = new Map(Object.entries(catalogue.zones));

/** An instance type by its name; null for one that the table hasn't got. */
export function instanceType(name: string): InstanceType | null {
  const [family = "", size = ""] = name.split(".");
  const sizes = families.get(family);
  const [vcpus, memory] = sizes !== undefined && Object.hasOwn(sizes, size) ? (sizes[size] ?? []) : [];
  if (vcpus === undefined || memory === undefined) return null;
  return {
    name,
    architecture: architectureOf(family),
    vcpus,
    memory,
    metal: size.startsWith("metal"),
    burstable: /^t\d/.test(family),
  };
}

/** Names of the table that begin like the given one, for a person who mistyped it. */
export function similarTypes(name: string): string[] {
  const [family = ""] = name.split(".");
  const sizes = families.get(family);
  if (sizes !== undefined) return Object.keys(sizes).map((size) => `${family}.${size}`);
  return [...families.keys()]
    .filter((known) => known.startsWith(family.slice(0, 2)))
    .map((known) => `${known}.large`);
}

/**
 * Graviton types have a `g` right behind the generation (m7g, c6gn, im4gn), or are a1. Holds for every type of the table's
 * source.
 */
function architectureOf(family: string): Architecture {
  return /^(a1$|[a-z]+\d+g)/.test(family) ? "arm64" : "x86_64";
}

/** Names of a region's zones, in order; null for a region that the table hasn't got. */
export function zonesOf(region: string): string[] | null {
  return (
    zones
      .get(region)
      ?.split("")
      .map((letter) => `${region}${letter}`) ?? null
  );
}

/** The zones that a platform means: the named ones, or the region's first so many. */
export function chosenZones({
  region,
  zones: wanted,
}: {
  region: string;
  zones: number | string[];
}): string[] {
  return typeof wanted === "number" ? (zonesOf(region) ?? []).slice(0, wanted) : wanted;
}

/** Whether a zone goes by its id, which means the same place in every account, and not by the account's name of it. */
export const isZoneId = (zone: string): boolean => /-az\d+$/.test(zone);

/** How ids of a region's zones begin: `euc1` for eu-central-1, `apse2` for ap-southeast-2 (EC2 user guide, AZ IDs). */
export function zoneIdPrefix(region: string): string {
  const [place = "", ...words] = region.split("-");
  const short = words.map((word) =>
    word.replace(/^(north|south)(east|west)$/, (_, a, b) => `${a[0]}${b[0]}`),
  );
  return `${place}${short.map((word) => (/^([ns][ew]|\d+)$/.test(word) ? word : word[0])).join("")}`;
}
