import { counted } from "../../components/model/words.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { renamedPools } from "../../components/review/compare/names.ts";
import { exitCodes, UserError } from "../exit.ts";
import { stacksThere } from "./stack.ts";
import { clusterInputs, type StateResource, stackState } from "./state.ts";

/*
 * A name without an id is what machines are called by, so another name is another thing: it would be made while the first has
 * its place, or take down what stands. Nobody wants that by an edit of a word, and the engine would find out half-way.
 */

/** @throws UserError for names, or a platform, that are others than those of what stands, before anything is changed */
export function refuseRenames(plan: ClusterPlan, resources: readonly StateResource[]): void {
  const moved = platformChanged(plan, resources);
  // All of it is another thing there; what it is called comes second.
  const problems =
    moved.length > 0 ? moved : [...clusterRenamed(plan, resources), ...poolsRenamed(plan, resources)];
  if (problems.length > 0) throw new UserError(problems.join("\n"), exitCodes.stackProblems);
}

/**
 * A stack that has nothing yet, while one that is gone from stacks/index.ts has the same cluster: most likely that one, under another
 * name. Both would be called alike, and only one is known to the state that is changed.
 *
 * @param known ids of the stacks in stacks/index.ts
 * @throws UserError that names both
 */
export async function refuseStackRename(
  stack: string,
  { cluster }: Pick<ClusterPlan, "cluster">,
  known: readonly string[],
): Promise<void> {
  for (const other of await stacksThere()) {
    if (other === stack || known.includes(other)) continue;
    const resources = (await stackState(other))?.resources ?? [];
    if (clusterInputs(resources).cluster !== cluster) continue;
    throw new UserError(
      `stacks/index.ts: "${stack}" is new, and the cluster "${cluster}" stands as "${other}", which is no longer there, with ${counted(resources.length, "resource")}; if it is "${other}" under another name, write \`${stack}: { id: "${other}", load: () => import(…) }\`, and if not, \`./hotspare down ${other}\` first (risk.stack-renamed)`,
      exitCodes.stackProblems,
    );
  }
}

/** What stands on one platform is taken down by that one's own rules, which an `up` of another doesn't know. */
function platformChanged({ cluster, platform }: ClusterPlan, resources: readonly StateResource[]): string[] {
  const { platform: stands } = clusterInputs(resources);
  if (typeof stands !== "string" || stands === platform.kind) return [];
  return [
    `platform.kind: the cluster "${cluster}" stands on "${stands}", and an up on "${platform.kind}" would take it down without a question; \`./hotspare down\` it first, or give the new one a stack of its own and take the old one down when it serves`,
  ];
}

/** Of a state that an older revision of the kit has written the cluster is not known. */
function clusterRenamed({ cluster, shownAs }: ClusterPlan, resources: readonly StateResource[]): string[] {
  const { cluster: stands } = clusterInputs(resources);
  if (typeof stands !== "string" || stands === cluster) return [];
  const path = shownAs === cluster ? "name" : "id";
  return [
    `${path}: the cluster that stands is "${stands}", and as "${cluster}" all of it would be removed and made again while nobody answers; set \`id: "${stands}"\` so that only what people see is another, or take it down first (risk.cluster-renamed)`,
  ];
}

/** The state has the pools in the order of the last \`up\`, and so at their places. */
function poolsRenamed({ pools }: ClusterPlan, resources: readonly StateResource[]): string[] {
  const standing = resources.flatMap(({ type, inputs }) =>
    type === "hotspare:index:NodePool" && typeof inputs?.pool === "string" ? [inputs.pool] : [],
  );
  return renamedPools(standing, pools).map(({ from, to }) => {
    const shownAs = pools.find(({ name }) => name === to)?.shownAs ?? to;
    return `pools.${shownAs}: it would take the place of the pool "${from}" that stands and needs its addresses until it goes, so the change would stop half-way; if it is "${from}" under another name, set \`id: "${from}"\` in pools.${shownAs}, and if it is another pool, add it at the end and remove "${from}" in a later change (risk.pool-renamed)`;
  });
}
