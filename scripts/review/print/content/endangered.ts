import type { MachineChange } from "../../../../components/review/compare/types.ts";
import type { EngineStep } from "../../../../components/review/engine/types.ts";
import type { Review } from "../../../../components/review/types.ts";
import { type Endangered, type Fate, fates, pathText, type Text } from "./blocks.ts";
import { causeText, fateWords, namesText, orders, shortType } from "./words.ts";

/** All that a change deletes, replaces, or touches though it is protected: by fate, then component, type and name. */
export function endangered(review: Review): Endangered[] {
  return [
    ...(review.engine?.steps ?? []).flatMap(ofStep),
    ...(review.change?.machines ?? []).flatMap(ofMachine),
  ].sort(
    (a, b) =>
      fates.indexOf(a.fate) - fates.indexOf(b.fate) ||
      compare(a.component.join("/"), b.component.join("/")) ||
      compare(a.type, b.type) ||
      compare(a.name, b.name),
  );
}

/** By code units, the same in every language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function ofStep(step: EngineStep): Endangered[] {
  const fate = fateOf(step);
  if (fate === null) return [];
  const { component, type, name, order, causes, retained } = step;
  const told = fate.endsWith("-first") || order === null;
  const why = [
    ...(told ? [] : [orders[order]]),
    ...(retained ? ["it goes on existing outside the state"] : []),
    causeText(causes),
  ];
  return [
    { fate, component, type: shortType(type), name, why: why.filter((part) => part !== "").join("; ") },
  ];
}

function fateOf(step: EngineStep): Fate | null {
  if (step.kind !== "delete" && step.kind !== "replace") return step.protected ? "protected" : null;
  if (step.protected) return `protected-${step.kind}`;
  if (step.holdsData) return `data-${step.kind}`;
  if (step.kind === "delete") return "delete";
  return step.order === null ? "replace" : `replace-${step.order}`;
}

function ofMachine({ action, order, key, role, pool, reasons, files }: MachineChange): Endangered[] {
  if (action !== "removed" && action !== "replaced") return [];
  return [
    {
      fate: action === "removed" ? "machine-removed" : `machine-replaced-${order ?? "delete-first"}`,
      component: pool === null ? [] : [pool],
      type: role,
      name: key,
      why: (reasons.length > 0 ? reasons.map(({ path }) => path) : files).join(", "),
    },
  ];
}

/** Fates of what has its new one first, so that nothing is missing at any time. */
const gentle: ReadonlySet<Fate> = new Set(["replace-create-first", "machine-replaced-create-first"]);

/** Whether a change is a release and no more: machines are replaced, the new ones first, and nothing goes without one. */
export function isRelease(all: readonly Endangered[]): boolean {
  return all.length > 0 && all.every(({ fate }) => gentle.has(fate));
}

/** Those of one fate, in the order of fates. */
export function byFate(all: readonly Endangered[]): { title: string; of: Endangered[] }[] {
  const groups = Map.groupBy(all, ({ fate }) => fate);
  return fates.flatMap((fate) => {
    const of = groups.get(fate);
    return of === undefined ? [] : [{ title: `${fateWords[fate]} (${of.length})`, of }];
  });
}

/** All of them with their reasons; those of which the same is to be told share a line. */
export function dangerGroups(all: readonly Endangered[]): { title: string; lines: Text[] }[] {
  return byFate(all).map(({ title, of }) => {
    const alike = Map.groupBy(of, ({ component, type, why }) => JSON.stringify([component, type, why]));
    return { title, lines: [...alike.values()].flatMap(line) };
  });
}

function line(group: readonly Endangered[]): Text[] {
  return group
    .slice(0, 1)
    .map(({ component, type, why }) => [
      ...namesText(group.map(({ name }) => name)),
      " ",
      { code: type },
      ...(component.length === 0 ? [] : [" in ", { code: pathText(component) }]),
      ...(why === "" ? [] : [`: ${why}`]),
    ]);
}
