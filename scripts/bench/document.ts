import { cpus, loadavg, release, totalmem } from "node:os";
import { ratio, type Spread, spread } from "./statistics.ts";
import type { Figure, Measured, Variant } from "./types.ts";

export const benchSchema = "hotspare.bench/1";

/** A variant's figure: its values, and how they stand to the first variant's. */
export interface Row {
  readonly variant: Variant;
  readonly value: Spread;
  /** Null for the first variant, and where the two have no round in common. */
  readonly ratio: Spread | null;
  readonly runs: number;
}

export interface FigureTable {
  readonly figure: Figure;
  readonly rows: readonly Row[];
}

export interface PartDocument extends Pick<Measured, "name" | "about" | "values"> {
  readonly tables: readonly FigureTable[];
}

export interface BenchDocument {
  readonly schema: typeof benchSchema;
  /** ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  readonly parts: readonly PartDocument[];
}

/** What a figure may depend on. */
export interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly gigabytes: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that waited for a processor, on average of the last minute: before and after. */
  readonly load: readonly [number, number];
}

export function machineNow(loadBefore: number): Machine {
  const [load = 0] = loadavg();
  return {
    processors: cpus().length,
    model: cpus()[0]?.model ?? "unknown",
    gigabytes: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.versions.node,
    load: [loadBefore, load],
  };
}

export function partDocument({ name, about, figures, variants, values }: Measured): PartDocument {
  const tables = figures.map((figure): FigureTable => {
    const of = (variant: Variant) => values[figure.name]?.[variant.name] ?? [];
    const [base] = variants;
    const rows = variants.flatMap((variant): Row[] => {
      const value = spread(of(variant));
      if (value === null) return [];
      const compared = base === undefined || variant === base ? null : ratio(of(variant), of(base));
      return [{ variant, value, ratio: compared, runs: of(variant).length }];
    });
    return { figure, rows };
  });
  return { name, about, values, tables };
}
