import { compare } from "../../components/review/compare/index.ts";
import type { ClusterChange } from "../../components/review/compare/types.ts";
import type { PlanDocument } from "../../components/review/document.ts";
import type { EngineReview } from "../../components/review/engine/types.ts";
import { maskText } from "../../components/review/masks.ts";
import { risksOf } from "../../components/review/risks/index.ts";
import { type Failure, type Review, type Revision, reviewSchema } from "../../components/review/types.ts";
import { verdictOf } from "../../components/review/verdict.ts";
import type { Planned } from "./planning.ts";

/** All that was found out about one stack. */
export interface Findings {
  readonly stack: string;
  readonly base: Revision;
  readonly head: Revision;
  readonly before: Planned;
  readonly after: Planned;
  /** Null when nobody asked for it, or when it gave nothing that can be shown. */
  readonly engine: EngineReview | null;
  /** What went wrong with the engine. */
  readonly failures: readonly Failure[];
  /** Another stack that stands in for this one on the other side, by its name; null where there is none. */
  readonly namesake: Namesake | null;
  readonly confinement?: Review["confinement"];
  /** Places in the plan whose values are others each time it is made. */
  readonly unsteady?: readonly string[];
  /** Of the folders that images are built from: where revisions don't say all that is in them. */
  readonly notes?: readonly string[];
}

/** One stack's review. Pure: the same findings make the same review. */
export function assemble({ stack, before, after, engine, failures, ...found }: Findings): Review {
  const [base, head] = [masked(found.base), masked(found.head)];
  const failed = [...planFailure("base", base, before), ...planFailure("head", head, after), ...failures];
  const [was, is] = [documentOf(before), documentOf(after)];
  // A head that can't be planned is not a cluster that is gone, so it is compared with nothing. A base that can't be planned leaves
  // the head's plan to look at: it is shown as if all of it were new, below the failure that says why.
  const change = after.kind === "failed" ? null : withNotes(compare(was, is), { before, after, ...found });
  const risks =
    change === null ? [] : risksOf({ before: was, after: is, change, engine, namesake: found.namesake });
  const parts = { failures: failed, change, risks, engine, confinement: found.confinement ?? null };
  return {
    schema: reviewSchema,
    stack: nameOf(is ?? was) ?? stack,
    base,
    head,
    verdict: verdictOf(parts),
    ...parts,
  };
}

/** What a revision calls its stack. Files are called by it, so what a stranger's code has printed must be a name. */
function nameOf(document: PlanDocument | null): string | null {
  const name = maskText(document?.stack ?? "");
  return /^\w[\w.-]{0,99}$/.test(name) ? name : null;
}

/** A ref is whatever somebody typed or a branch is called. */
function masked(revision: Revision): Revision {
  return { ...revision, ref: maskText(revision.ref) };
}

/** The document of a side; null where the stack isn't or can't be planned. */
export function documentOf(planned: Planned): PlanDocument | null {
  return planned.kind === "planned" ? planned.document : null;
}

function planFailure(phase: "base" | "head", { ref }: Revision, planned: Planned): Failure[] {
  if (planned.kind !== "failed") return [];
  const consequence = phase === "base" ? "; below is the plan of the head alone" : "";
  return [{ phase, message: `"${ref}" could not be planned${consequence}. ${maskText(planned.message)}` }];
}

/** What a reader must know of how the two plans came about; nothing where they are alike. */
function withNotes(
  change: ClusterChange,
  {
    before,
    after,
    namesake,
    unsteady,
    notes: told = [],
  }: Pick<Findings, "before" | "after" | "namesake" | "unsteady" | "notes">,
): ClusterChange {
  // Of a stack that doesn't change there is nothing to say but what could hide a change.
  const notes =
    change.kind === "unchanged"
      ? told
      : [
          ...namesakeNote(change, namesake),
          ...renamedNote(documentOf(before), documentOf(after)),
          ...unsteadyNote(unsteady),
          ...withheldNote(before, after),
          ...told,
        ];
  if (notes.length === 0) return change;
  const sentences = notes.map((text) => ({ subject: "cluster", text: maskText(text) }));
  return { ...change, sentences: [...change.sentences, ...sentences] };
}

function namesakeNote({ kind }: ClusterChange, namesake: Namesake | null): string[] {
  if (namesake === null) return [];
  const { stack, alike } = namesake;
  return kind === "added"
    ? [
        `planned ${alike ? "just" : "much"} like "${stack}", which is removed. A stack's name is its identity where it has no id: this is a second cluster, and nothing moves to it`,
      ]
    : [
        `"${stack}" is planned ${alike ? "just" : "much"} like it. A stack's name is its identity where it has no id: this cluster is removed and not renamed`,
      ];
}

/** Matched by their id, which only one of them may have been given. */
function renamedNote(before: PlanDocument | null, after: PlanDocument | null): string[] {
  if (before === null || after === null || before.stack === after.stack) return [];
  return [
    `the stack is called "${after.stack}", which was "${before.stack}"; its state and labels stay where they are`,
  ];
}

function unsteadyNote(places: readonly string[] = []): string[] {
  if (places.length === 0) return [];
  return [
    `[${places.join(", ")}] differ each time the very same revision is planned (the clock, a random number, the machine), so each \`up\` changes them again; a stack must give the same values every time`,
  ];
}

function withheldNote(...sides: Planned[]): string[] {
  const names = new Set(sides.flatMap((side) => (side.kind === "planned" ? (side.withheld ?? []) : [])));
  if (names.size === 0) return [];
  return [
    `the stack reads [${[...names].sort().join(", ")}] from the environment, which a review withholds: both sides are planned as if it weren't set, and \`up\` may differ`,
  ];
}

/** Another stack that is likely the same one under another name. */
export interface Namesake {
  readonly stack: string;
  /** Id of its cluster. */
  readonly cluster: string;
  /** Whether it is planned just alike; else something was edited as well. */
  readonly alike: boolean;
}

type Sides = readonly { readonly stack: string; readonly before: Planned; readonly after: Planned }[];

/**
 * Pairs of stacks of which one is removed and the other added, both planned alike or nearly so: most likely a person has renamed
 * one. By name, in both directions; those that are most alike find each other first.
 */
export function namesakes(sides: Sides): ReadonlyMap<string, Namesake> {
  const removed = sides.filter(({ before, after }) => before.kind === "planned" && after.kind === "absent");
  const added = sides.filter(({ before, after }) => before.kind === "absent" && after.kind === "planned");
  const candidates = removed
    .flatMap((old) =>
      added.map((fresh) => ({
        old: { stack: old.stack, cluster: documentOf(old.before)?.plan.cluster ?? "" },
        fresh: { stack: fresh.stack, cluster: documentOf(fresh.after)?.plan.cluster ?? "" },
        share: shareAlike(old.before, fresh.after),
      })),
    )
    .filter(({ share }) => share >= fewestAlike)
    .sort((a, b) => b.share - a.share);
  const pairs = new Map<string, Namesake>();
  for (const { old, fresh, share } of candidates) {
    if (pairs.has(old.stack) || pairs.has(fresh.stack)) continue;
    const alike = share === 1;
    pairs.set(old.stack, { ...fresh, alike }).set(fresh.stack, { ...old, alike });
  }
  return pairs;
}

/** Share of a plan's parts from which two are taken for one stack. An edit changes one or two of eight. */
const fewestAlike = 0.6;

function shareAlike(a: Planned, b: Planned): number {
  if (a.kind !== "planned" || b.kind !== "planned") return 0;
  const [one, other] = [essence(a.document), essence(b.document)];
  return one.filter((part, index) => part === other[index]).length / one.length;
}

/** What of a plan doesn't depend on the cluster's name; the trusted proxies do, since the door is one of them. */
function essence({ plan }: PlanDocument): string[] {
  const nodes = plan.nodes.map(({ key, role, pool, image, weight }) => [key, role, pool, image, weight]);
  const groups = plan.groups.map(({ key, role, pool, count, machine }) => [
    key,
    role,
    pool,
    count,
    machine.type,
  ]);
  const tier = { ...plan.tier, trustedProxies: [] };
  const { environment, platform, pools, routes, balancers } = plan;
  return [environment, platform.kind, tier, pools, routes, balancers.length, nodes, groups].map((part) =>
    JSON.stringify(part),
  );
}
