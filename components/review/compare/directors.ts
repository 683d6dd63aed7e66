import type { ClusterPlan } from "../../plan/types.ts";
import { tierReview } from "../tiers/select.ts";
import { fieldChanges } from "./fields.ts";
import type { Known } from "./known.ts";
import { below, machinesWith, sentence } from "./sentences/parts.ts";
import type { FieldChange, MachineChange, RolloutStep, Sentence } from "./types.ts";
import { listed } from "./words.ts";

/*
 * What a change does to directors in front of the balancers, and to those who have connections open by them.
 */

/** Their settings. Whether there are some is no field: sentences and steps say it. */
export function directorSettings(before: ClusterPlan, after: ClusterPlan): FieldChange[] {
  const [old, now] = [before.directors, after.directors];
  if (old === undefined || now === undefined) return [];
  const own = ({ tier }: typeof now) => tierReview(tier.kind).settings(tier, null);
  return fieldChanges("directors", own(old), own(now));
}

const of = (known: Known, action: MachineChange["action"]) => machinesWith(known, "director", action);

const keys = (machines: readonly MachineChange[]) => listed(machines.map(({ key }) => key));

/** Directors that come, go or are made again. */
export function directorSentences(known: Known): Sentence[] {
  const { before, after } = known.plans;
  if (before === null || after === null) return [];
  const [old, now] = [before.directors?.machines.length ?? 0, after.directors?.machines.length ?? 0];
  const parts = [
    ...(old === now ? [] : [`${old || "no"} → ${now || "no"} directors`]),
    ...(old > 0 && now === 0 ? ["one balancer has the address again, the others stand by"] : []),
    ...(old === 0 && now > 0 ? ["all balancers serve"] : []),
    ...below(known.settings, "directors").map(({ path, before, after }) => `${path} ${before} → ${after}`),
  ];
  return sentence("directors", parts);
}

/** What happens to connections. */
export function directorSteps(known: Known): RolloutStep[] {
  const { before, after } = known.plans;
  const [old, now] = [before?.directors, after?.directors];
  const step = (text: string, isHarmless: boolean): RolloutStep => ({
    text,
    lost: isHarmless ? { low: 0, high: 0 } : null,
    takes: null,
  });
  if (old === undefined && now !== undefined)
    return [
      step(
        `the balancers let the virtual address go, and ${keys(of(known, "added"))} take it: nobody answers in between, and open connections end`,
        false,
      ),
    ];
  if (old !== undefined && now === undefined)
    return [
      step(
        `${keys(of(known, "removed"))} go, and one balancer takes the virtual address: nobody answers in between, and open connections end`,
        false,
      ),
    ];
  if (after === null || now === undefined) return [];
  const [replaced, made, gone] = [of(known, "replaced"), of(known, "added"), of(known, "removed")];
  // To the words about directors they are what balancers are where nothing is behind them.
  const asTier = of(known, "updated").map((machine) => ({ ...machine, role: "balancer" as const }));
  const settings = below(known.settings, "directors").map((change) => ({
    ...change,
    path: `tier.${change.path}`,
  }));
  return [
    ...(replaced.length === 0
      ? []
      : [
          step(
            `${keys(replaced)}: removed and made again, one after the other; open connections go on by the other, where the address moves`,
            true,
          ),
        ]),
    ...tierReview(now.tier.kind).steps({ ...known, machines: asTier, settings }, after),
    ...(made.length === 0 ? [] : [step(`${keys(made)}: made; the address stays where it is`, true)]),
    ...(gone.length === 0
      ? []
      : [step(`${keys(gone)}: gives the address away and goes; open connections go on by the other`, true)]),
  ];
}
