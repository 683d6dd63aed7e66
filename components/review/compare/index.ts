import type { Warning } from "../../model/problem.ts";
import type { Forecast } from "../../plan/forecast-types.ts";
import type { RenderedMachine } from "../../plan/types.ts";
import type { PlanDocument } from "../document.ts";
import { maskText } from "../masks.ts";
import { reviewOfSides } from "../platforms/select.ts";
import { coverOf } from "./cover.ts";
import { fileChanges } from "./files.ts";
import { groupChanges } from "./groups.ts";
import { machineChanges } from "./machines.ts";
import { poolNames } from "./names.ts";
import { poolChanges } from "./pools.ts";
import { rolloutSteps } from "./rollout.ts";
import { sentencesOf } from "./sentences/index.ts";
import { settingChanges } from "./settings.ts";
import { paired, reasonsOf } from "./sides.ts";
import { topologyOf } from "./topology.ts";
import type { ClusterChange, FileChange, ForecastChange, MachineChange, Sides } from "./types.ts";

/**
 * How one plan of a cluster differs from another: pure, and the same for the same two documents. Null stands for a revision that
 * hasn't the stack. Both plans must be for the same owner and without a look at what runs, so that only what the revisions say
 * differs between them.
 */
export function compare(before: PlanDocument | null, after: PlanDocument | null): ClusterChange {
  const plans = sidesOf(before, after, ({ plan }) => plan);
  const files = fileChanges(renderedOf(before, after));
  const changedFiles = filesByMachine(files);
  const platform = reviewOfSides(plans);
  const reasons = reasonsOf(plans, platform);
  const { machines, unchanged } = machineChanges(plans, reasons, changedFiles, (key) =>
    platform.inPlace(plans, key),
  );
  const pools = poolChanges(plans);
  const settings = settingChanges(plans);
  const warnings = warningChanges(sidesOf(before, after, ({ plan }) => plan.warnings));
  const cover = sidesOf(before, after, ({ plan }) => coverOf(plan));
  const groups = groupChanges(plans, reasons, platform.groupReasons(plans), changedFiles);
  const known = { plans, reasons, machines, groups, pools, settings, files, cover };
  const parts = [machines, groups, pools, settings, files, warnings.added, warnings.gone];
  const shown = poolNames(plans);
  const named = (all: readonly MachineChange[]) =>
    all.map((machine) => ({ ...machine, pool: machine.pool === null ? null : shown(machine.pool) }));
  return {
    kind: kindOf(
      before,
      after,
      parts.every((part) => part.length === 0),
    ),
    sentences: sentencesOf(known),
    machines: [...named(groups), ...named(machines)],
    machinesUnchanged: unchanged,
    pools: pools.map((pool) => ({ ...pool, name: shown(pool.name) })),
    settings,
    files,
    cover: sidesOf(before, after, ({ plan }) => coverOf(plan, shown)),
    forecasts: forecastChanges(sidesOf(before, after, ({ forecast }) => forecast)),
    rollout: rolloutSteps(known),
    topology: topologyOf(plans, [...groups, ...machines]),
    warnings,
  };
}

/**
 * The rendered machines of both sides. Of groups those that both have: what a new one starts with is no change of a file, and a
 * revision that rendered none says nothing of those that it had.
 */
function renderedOf(
  before: PlanDocument | null,
  after: PlanDocument | null,
): Sides<readonly RenderedMachine[]> {
  const sides = sidesOf(before, after, ({ machines }) => machines);
  const groups = new Set([before, after].flatMap((side) => side?.plan.groups.map(({ key }) => key) ?? []));
  const has = (machines: readonly RenderedMachine[] | null, key: string) =>
    machines?.some(({ machine }) => machine === key) ?? false;
  const shown = ({ machine }: RenderedMachine) =>
    !groups.has(machine) || (has(sides.before, machine) && has(sides.after, machine));
  return { before: sides.before?.filter(shown) ?? null, after: sides.after?.filter(shown) ?? null };
}

function sidesOf<T>(
  before: PlanDocument | null,
  after: PlanDocument | null,
  of: (document: PlanDocument) => T,
): Sides<T> {
  return { before: before === null ? null : of(before), after: after === null ? null : of(after) };
}

function kindOf(
  before: PlanDocument | null,
  after: PlanDocument | null,
  alike: boolean,
): ClusterChange["kind"] {
  if (before === null && after !== null) return "added";
  if (before !== null && after === null) return "removed";
  return alike ? "unchanged" : "changed";
}

function filesByMachine(files: readonly FileChange[]): (key: string) => readonly string[] {
  const paths = new Map<string, string[]>();
  for (const { path, machines } of files)
    for (const machine of machines) paths.set(machine, [...(paths.get(machine) ?? []), path]);
  return (key) => paths.get(key) ?? [];
}

function forecastChanges({ before, after }: Sides<readonly Forecast[]>): ForecastChange[] {
  return paired(before ?? [], after ?? [], ({ id }) => id).map(({ key, before: old, after: now }) => ({
    id: key,
    title: now?.title ?? old?.title ?? key,
    forecast: { before: old, after: now },
  }));
}

function warningChanges({ before, after }: Sides<readonly Warning[]>): ClusterChange["warnings"] {
  const identity = ({ code, path, message }: Warning) => JSON.stringify([code, path, message]);
  const pairs = paired(before ?? [], after ?? [], identity);
  return {
    added: pairs.flatMap((pair) => (pair.before === null && pair.after !== null ? [masked(pair.after)] : [])),
    gone: pairs.flatMap((pair) => (pair.after === null && pair.before !== null ? [masked(pair.before)] : [])),
  };
}

/** Warnings quote what stands in the stack. */
function masked(warning: Warning): Warning {
  return { ...warning, path: maskText(warning.path), message: maskText(warning.message) };
}
