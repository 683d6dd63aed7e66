import { formatProblem } from "../../../../components/model/problem.ts";
import { formatDuration } from "../../../../components/model/units.ts";
import { counted } from "../../../../components/model/words.ts";
import type { Range } from "../../../../components/plan/forecast-types.ts";
import type {
  ClusterChange,
  FieldChange,
  FileChange,
  Hunk,
  MachineChange,
  PoolChange,
} from "../../../../components/review/compare/types.ts";
import { rangeText } from "../../../text.ts";
import type { Block, Section, Text } from "./blocks.ts";
import type { Depth } from "./depth.ts";
import { flowchart } from "./flowchart.ts";
import { beforeAfter, listed, namesText, orders, percent } from "./words.ts";

/** What the change means for the service, the roll-out included. */
export function meaningSections(change: ClusterChange): Section[] {
  const sentences = change.sentences.map(({ subject, text }): Text => [{ strong: subject }, `: ${text}`]);
  const steps = change.rollout.map(({ text, lost, takes }): Text => {
    return [
      text,
      " – ",
      { strong: costText(lost) },
      ...(takes === null ? [] : [`, takes ${takesText(takes)}`]),
    ];
  });
  return [
    ...listSection("What changes", sentences),
    ...listSection("How it rolls out", steps),
    ...listSection(
      "New warnings",
      change.warnings.added.map((warning): Text => [formatProblem(warning)]),
    ),
  ];
}

function costText(lost: Range | null): string {
  if (lost === null) return "all requests fail meanwhile";
  return lost.high === 0 ? "no request fails" : `${rangeText(lost, "requests")} requests fail`;
}

function takesText({ low, high }: Range): string {
  if (low === high) return formatDuration(high);
  return low === 0 ? `at most ${formatDuration(high)}` : `${formatDuration(low)} to ${formatDuration(high)}`;
}

function listSection(title: string, items: readonly Text[], folded = false): Section[] {
  return items.length === 0 ? [] : [{ title, folded, blocks: [{ kind: "list", items }] }];
}

/** Pictures of both sides; one where they look alike. */
export function topologySection({ topology: { before, after } }: ClusterChange): Section[] {
  const picture = (title: string, source: string | null): Block[] =>
    source === null ? [] : [{ kind: "picture", title: [title], source }];
  const [was, is] = [before && flowchart(before), after && flowchart(after)];
  const blocks =
    was === is ? picture("Before and after:", is) : [...picture("Before:", was), ...picture("After:", is)];
  return blocks.length === 0 ? [] : [{ title: "Topology", folded: false, blocks }];
}

/** Everything field by field and line by line. */
export function detailSections(change: ClusterChange, depth: Depth): Section[] {
  const { machines, machinesUnchanged, settings, files, warnings } = change;
  const unchanged = machinesUnchanged === 0 ? "" : `, ${machinesUnchanged} unchanged`;
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return [
    ...listSection(`Machines (${machines.length} changed${unchanged})`, machineLines(machines, depth), true),
    ...poolSection(change.pools, depth),
    ...listSection(
      `Settings (${settings.length})`,
      settings.map((field) => fieldText(field, depth)),
      true,
    ),
    ...(files.length === 0
      ? []
      : [
          {
            title: `Files (${files.length}, +${added} −${removed} lines)`,
            folded: true,
            blocks: files.flatMap(fileBlocks),
          },
        ]),
    ...listSection(
      "Warnings that are gone",
      warnings.gone.map((warning): Text => [formatProblem(warning)]),
      true,
    ),
  ];
}

function fieldText({ path, before, after }: FieldChange, { longest }: Depth): Text {
  return [{ code: path }, " ", ...beforeAfter(before, after, longest)];
}

/** Machines that fare alike and for the same reasons share a line. */
function machineLines(machines: readonly MachineChange[], depth: Depth): Text[] {
  const told = ({ action, order, role, pool, reasons, files }: MachineChange) =>
    JSON.stringify([action, order, role, pool, reasons, order === null ? [] : files]);
  return [...Map.groupBy(machines, told).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [machineText(first, group, depth)];
  });
}

function machineText(
  { action, order, role, pool, reasons, files }: MachineChange,
  group: readonly MachineChange[],
  depth: Depth,
): Text {
  return [
    { strong: order === null ? action : `${action}, ${orders[order]}` },
    group.length === 1 ? ": " : ` (${group.length}): `,
    ...namesText(group.map(({ key }) => key)),
    ` (${pool === null ? role : `${role} of ${pool}`})`,
    ...(reasons.length === 0 ? [] : [": ", ...listed(reasons.map((reason) => fieldText(reason, depth)))]),
    ...(reasons.length === 0 && order !== null && files.length > 0
      ? [": other files ", ...listed(files.map((path): Text => [{ code: path }]))]
      : []),
  ];
}

function poolSection(pools: readonly PoolChange[], depth: Depth): Section[] {
  if (pools.length === 0) return [];
  const blocks = pools.flatMap((pool) => poolBlocks(pool, depth));
  return [{ title: `Pools (${pools.length})`, folded: true, blocks }];
}

function poolBlocks(
  { name, kind, settings, shares, keysMoved, capacity }: PoolChange,
  depth: Depth,
): Block[] {
  const stronger = capacity === null || capacity === 1 ? [] : [`; capacity ${percent(capacity)} of before`];
  const moved = keysMoved === null ? [] : [`; ${percent(keysMoved)} of all keys go to another node`];
  const differ = shares.filter(({ before, after }) => before !== after);
  return [
    { kind: "paragraph", text: [{ strong: name }, ` ${kind}`, ...stronger, ...moved] },
    ...(settings.length === 0
      ? []
      : [{ kind: "list" as const, items: settings.map((field) => fieldText(field, depth)) }]),
    ...(differ.length === 0 ? [] : [shareTable(differ)]),
  ];
}

/** Nodes whose part of the requests changes alike share a row. */
function shareTable(shares: PoolChange["shares"]): Block {
  const groups = Map.groupBy(shares, ({ before, after }) => `${percent(before)} ${percent(after)}`);
  const rows = [...groups.values()].map((group): Text[] => [
    namesText(group.map(({ node }) => node)),
    [percent(group[0]?.before ?? null)],
    [percent(group[0]?.after ?? null)],
  ]);
  return { kind: "table", head: [["gets of the requests"], ["before"], ["after"]], rows };
}

function fileBlocks({ path, machines, kind, mode, hunks, added, removed }: FileChange): Block[] {
  const title: Text = [
    { code: path },
    ` ${kind} on `,
    ...namesText(machines),
    `, +${added} −${removed}`,
    ...(mode === null ? [] : ["; mode ", ...beforeAfter(mode.before, mode.after, 20)]),
  ];
  if (hunks.length > 0) return [{ kind: "diff", title, lines: hunks.flatMap(hunkLines) }];
  const secret = mode === null ? "; it is a secret, so its content is not shown" : "";
  return [{ kind: "paragraph", text: [...title, secret] }];
}

function hunkLines({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string[] {
  return [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines];
}

/** Said where nothing else is: how much was compared. */
export function sameText({ kind, machinesUnchanged }: ClusterChange): Text[] {
  if (kind !== "unchanged") return [];
  // Where a platform keeps groups a plan names no machines.
  if (machinesUnchanged === 0) return [["Both sides plan the same."]];
  return [[`Both sides plan the same ${counted(machinesUnchanged, "machine")} with the same files.`]];
}
