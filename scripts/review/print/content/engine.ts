import type { EngineReview, EngineStep, PropertyChange } from "../../../../components/review/engine/types.ts";
import { nameOf } from "../../../../components/review/engine/urn.ts";
import { type Block, pathText, type Section, type Text } from "./blocks.ts";
import type { Depth } from "./depth.ts";
import { causeText, listed, namesText, shortType, shown, stepKinds, stepText } from "./words.ts";

/** `2 to delete, 1 to replace`; the gravest first. */
/** @param failed whether the engine could not be asked to the end: then no step is not "nothing to do" */
export function countsText({ counts, result }: EngineReview, failed: boolean): string {
  const kinds = Object.keys(stepKinds) as (keyof typeof stepKinds)[];
  const parts = kinds.flatMap((kind) => (counts[kind] > 0 ? [`${counts[kind]} to ${stepKinds[kind]}`] : []));
  if (parts.length > 0) return parts.join(", ");
  return failed || result !== "succeeded" ? "the engine came to no step" : "nothing to do";
}

export function driftSection(engine: EngineReview, depth: Depth): Section[] {
  if (engine.drift === null || engine.drift.length === 0) return [];
  const items = engine.drift.map(({ urn, kind, properties }): Text => {
    const what = kind === "gone" ? " is gone" : " was changed";
    return [{ code: nameOf(urn) }, what, ...propertiesText(properties, depth)];
  });
  return [{ title: `Drift (${items.length})`, folded: false, blocks: [{ kind: "list", items }] }];
}

/** Every step with its reason and order, by component. Steps that differ in their name alone share a line. */
export function stepsSection({ steps }: EngineReview, depth: Depth): Section[] {
  if (steps.length === 0) return [];
  const byComponent = Map.groupBy(steps, ({ component }) => pathText(component));
  const blocks = [...byComponent].sort(byKey).flatMap(([component, within]): Block[] => [
    {
      kind: "paragraph",
      text: component === "" ? ["On the stack itself:"] : ["In ", { code: component }, ":"],
    },
    { kind: "list", items: alike(within).map((group) => line(group, depth)) },
  ]);
  return [{ title: `Engine's steps (${steps.length})`, folded: true, blocks }];
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Steps of which the same is to be told, the gravest first. */
function alike(steps: readonly EngineStep[]): EngineStep[][] {
  const told = (step: EngineStep) =>
    JSON.stringify([stepText(step), step.type, step.causes.map(({ text }) => text), step.properties]);
  const rank = Object.keys(stepKinds);
  return [...Map.groupBy(steps, told)]
    .sort(byKey)
    .map(([, group]) => group)
    .sort((a, b) => rank.indexOf(a[0]?.kind ?? "") - rank.indexOf(b[0]?.kind ?? ""));
}

function line(group: readonly EngineStep[], depth: Depth): Text {
  const [step] = group;
  if (step === undefined) return [];
  const cause = causeText(step.causes);
  return [
    { strong: stepText(step) },
    group.length === 1 ? ": " : ` (${group.length}): `,
    { code: shortType(step.type) },
    " ",
    ...namesText(group.map(({ name }) => name)),
    ...(cause === "" ? [] : [`: ${cause}`]),
    ...propertiesText(step.properties, depth),
  ];
}

function propertiesText(properties: readonly PropertyChange[], { longest, properties: most }: Depth): Text {
  if (properties.length === 0) return [];
  const told = properties
    .slice(0, most)
    .map(
      ({ path, before, after, replaces }): Text => [
        { code: path },
        replaces ? " (replaces) " : " ",
        shown(before, longest),
        " → ",
        shown(after, longest),
      ],
    );
  const more = properties.length - told.length;
  return ["; ", ...listed(told), ...(more > 0 ? [`, and ${more} more`] : [])];
}

export function policySection({ policies }: EngineReview): Section[] {
  if (policies.length === 0) return [];
  const items = policies.map(
    ({ urn, policy, pack, level, message }): Text => [
      { strong: level },
      " ",
      { code: `${pack}/${policy}` },
      ...(urn === null ? [] : [" ", { code: nameOf(urn) }]),
      `: ${message}`,
    ],
  );
  return [{ title: `Policies (${items.length})`, folded: true, blocks: [{ kind: "list", items }] }];
}

export function diagnosticsSection({ diagnostics }: EngineReview): Section[] {
  if (diagnostics.length === 0) return [];
  const lines = diagnostics.flatMap(({ severity, urn, message }) =>
    `${severity}${urn === null ? "" : ` at ${nameOf(urn)}`}: ${message.trimEnd()}`.split("\n"),
  );
  return [
    {
      title: `Engine's messages (${diagnostics.length})`,
      folded: true,
      blocks: [{ kind: "verbatim", lines }],
    },
  ];
}
