import { typeOf } from "../catalogue/index.ts";
import { addressRules, subnetsFit } from "./addresses.ts";
import { balancingRules, listenerFitsTargets, listenersDiffer, oneSubnetAZone } from "./balancing.ts";
import { groupRules, hibernationPrepared, spreadHasRoom } from "./group.ts";
import { iamRules, inlinePoliciesFit } from "./iam.ts";
import { checkName } from "./names.ts";
import { checkRanges } from "./ranges.ts";
import { rulesDiffer } from "./security.ts";
import { storeRules } from "./stores.ts";
import { checkTags } from "./tags.ts";
import { templateRules } from "./template.ts";
import type { Neighbour, Problem, Rule, RuleBeside, Subject } from "./types.ts";
import { watchingRules } from "./watching.ts";
import { checkWords } from "./words.ts";
import { checkZone } from "./zones.ts";

export { cycle } from "./cycles.ts";
export type { Neighbour, Problem, Subject } from "./types.ts";

const rules: readonly Rule[] = [
  checkName,
  checkRanges,
  checkWords,
  checkTags,
  ...addressRules,
  ...balancingRules,
  ...groupRules,
  ...iamRules,
  ...storeRules,
  ...templateRules,
  ...watchingRules,
];

/** What of one resource by itself AWS would refuse. @throws Error for a type that nothing is known of */
export function check(subject: Subject, region: string): Problem[] {
  typeOf(subject.token);
  return [...rules, checkZone(region)].flatMap((rule) => rule(subject));
}

const rulesBeside: readonly RuleBeside[] = [
  subnetsFit,
  rulesDiffer,
  listenersDiffer,
  listenerFitsTargets,
  oneSubnetAZone,
  hibernationPrepared,
  spreadHasRoom,
  inlinePoliciesFit,
];

/** What of one resource AWS would refuse because of the others that are there; itself isn't one of them. */
export function checkBeside(subject: Subject, others: readonly Neighbour[]): Problem[] {
  return rulesBeside.flatMap((rule) => rule(subject, others));
}
