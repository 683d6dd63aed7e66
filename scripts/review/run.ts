import { availableParallelism } from "node:os";
import { maskText } from "../../components/review/masks.ts";
import type { Confinement, Review, Revision } from "../../components/review/types.ts";
import { exitCodes, UserError } from "../exit.ts";
import type { Progress } from "../toolchain/progress.ts";
import { assemble, documentOf, namesakes } from "./assemble.ts";
import { checkRepository, defaultBase, isDirty, mergeBase, resolveBase, resolveRef } from "./git.ts";
import { contextNotes, whyLacking } from "./lacking.ts";
import { mapLimited } from "./limit.ts";
import { idOf, type Planned, type ProjectFolder, planStack, stacksOf } from "./planning.ts";
import { type EngineLook, lookAtEngine, noLook } from "./preview.ts";
import { type Scratch, withScratch } from "./scratch.ts";
import { prepareSide, type Side } from "./sides.ts";
import { unsteadyValues } from "./unsteady.ts";

export interface ReviewRequest {
  /** Null for every stack that either side has. */
  readonly stacks: readonly string[] | null;
  /** Null for the branch that changes usually go to. */
  readonly base: string | null;
  /** Null for the working tree. */
  readonly head: string | null;
  /** Whom the stacks are planned for. */
  readonly owner: string;
  /** What to ask the engine; null for nothing. */
  readonly engine: { readonly drift: boolean } | null;
}

export interface Reviewed {
  readonly review: Review;
  /** What a saved plan needs; null where the engine wasn't asked, or where its preview failed. */
  readonly plan: EngineLook["plan"];
}

/** Reviews stacks, in the order of their names. @throws UserError for what a person must fix before anything can be reviewed */
export async function reviewStacks(request: ReviewRequest, progress: Progress): Promise<Reviewed[]> {
  const revisions = await revisionsOf(request, progress);
  return withScratch(async (scratch) => {
    const { planned, confinement } = await progress.task("plan both revisions", () =>
      planBoth(request, revisions, scratch, progress),
    );
    const twins = namesakes(planned);
    const reviews: Reviewed[] = [];
    for (const side of planned) {
      const { engine, failures, plan } = await engineLook(request, side, scratch, progress);
      const namesake = twins.get(side.stack) ?? null;
      const review = assemble({ ...revisions, ...side, engine, failures, namesake, confinement });
      reviews.push({ review, plan });
    }
    return reviews;
  });
}

interface Revisions {
  readonly base: Revision & { readonly commit: string };
  readonly head: Revision & { readonly commit: string };
}

async function revisionsOf({ base: asked, head }: ReviewRequest, progress: Progress): Promise<Revisions> {
  await checkRepository();
  const commit = await resolveRef("--head", head ?? "HEAD");
  const base = await resolveBase(asked ?? (await defaultBase()), commit);
  if (base.instead !== null) progress.note(`--base: ${base.instead}`);
  return {
    base: { ref: base.ref, commit: await mergeBase(base, commit), dirty: false },
    head: { ref: head ?? "working tree", commit, dirty: head === null && (await isDirty()) },
  };
}

interface PlannedStack {
  readonly stack: string;
  readonly before: Planned;
  readonly after: Planned;
  /** Places in the plan whose values are others each time it is made. */
  readonly unsteady: readonly string[];
  /** What a reader must know of the folders that images are built from. */
  readonly notes: readonly string[];
}

async function planBoth(
  { stacks, head, owner }: ReviewRequest,
  revisions: Revisions,
  scratch: Scratch,
  progress: Progress,
): Promise<{ planned: PlannedStack[]; confinement: Confinement | null }> {
  const [before, after] = await Promise.all([
    prepareSide("base", revisions.base.commit, scratch, progress),
    prepareSide("head", head === null ? null : revisions.head.commit, scratch, progress),
  ]);
  const words = stacks ?? (await allStacks(before, after));
  const isThere = after !== null && !(after instanceof UserError);
  const ids = stacks !== null && isThere ? await Promise.all(words.map((word) => idOf(after, word))) : words;
  const names = [...new Set(ids)].sort();
  const planAll = async (stacks: readonly string[]) => {
    const plans = stacks.flatMap((stack) => [before, after].map((side) => ({ stack, side })));
    const done = await mapLimited(plans, Math.max(2, availableParallelism()), ({ stack, side }) =>
      planSide(side, stack, owner),
    );
    return new Map(stacks.map((stack, index) => [stack, done.slice(2 * index) as [Planned, Planned]]));
  };
  const first = await planAll(names);
  for (const [was, is] of first.values())
    if (was.kind === "absent" && is.kind === "absent")
      throw new UserError(is.message, exitCodes.nothingThere);
  // Only what differs can differ for no other reason than that it was planned at another moment.
  const differing = names.filter((stack) => differ(...(first.get(stack) as [Planned, Planned])));
  const second = await planAll(differing);
  const sides = [before, after].filter(
    (side): side is ProjectFolder => side !== null && !(side instanceof UserError),
  );
  const planned = await Promise.all(
    [...first].map(async ([stack, [was, is]]) => {
      const again = second.get(stack);
      const unsteady =
        again === undefined ? [] : [...unsteadyValues(was, again[0]), ...unsteadyValues(is, again[1])];
      const contexts = { ...documentOf(was)?.contexts, ...documentOf(is)?.contexts };
      const notes = await contextNotes(contexts, sides);
      return { stack, before: was, after: is, unsteady: [...new Set(unsteady)], notes };
    }),
  );
  return { planned, confinement: weakest([before, after]) };
}

/** What held for all sides that there are. */
function weakest(sides: readonly Side[]): Confinement | null {
  const layers = sides.flatMap((side) => (side === null || side instanceof UserError ? [] : [side.layers]));
  if (layers.length === 0) return null;
  return {
    permissions: layers.every(({ permissions }) => permissions),
    namespaces: layers.every(({ namespaces }) => namespaces),
  };
}

function differ(before: Planned, after: Planned): boolean {
  if (before.kind !== "planned" || after.kind !== "planned") return false;
  return JSON.stringify(before.document) !== JSON.stringify(after.document);
}

async function planSide(side: Side, stack: string, owner: string): Promise<Planned> {
  if (side === null) return { kind: "absent", message: `neither revision has a stack "${stack}"` };
  if (side instanceof UserError) return { kind: "failed", message: side.message };
  const planned = await planStack(side, stack, owner);
  if (planned.kind !== "failed" || side.commit === null) return planned;
  const causes = await whyLacking(planned.message, side.commit);
  return { ...planned, message: [planned.message, ...causes.map((cause) => maskText(cause))].join("\n") };
}

/** The stacks of both sides; those of one where the other can't tell: its plans will say why. */
async function allStacks(...sides: Side[]): Promise<string[]> {
  const lists = await Promise.all(
    sides.map((side) => (side === null || side instanceof UserError ? (side ?? []) : stacksOf(side))),
  );
  const names = lists.flatMap((list) => (list instanceof Error ? [] : list));
  const [error] = lists.filter((list) => list instanceof Error);
  if (names.length === 0 && error !== undefined) throw new UserError(error.message);
  if (names.length === 0) throw new UserError("neither revision has a stack", exitCodes.nothingThere);
  return [...new Set(names)].sort();
}

/** The engine is asked only of what can be planned: the program would fail in the same way. */
async function engineLook(
  { engine }: ReviewRequest,
  { stack, after }: PlannedStack,
  scratch: Scratch,
  progress: Progress,
): Promise<EngineLook> {
  if (engine === null || after.kind !== "planned") return noLook;
  return lookAtEngine({ stack, drift: engine.drift, scratch, progress });
}
