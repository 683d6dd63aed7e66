import { typeOf } from "../catalogue/index.ts";
import { checkName } from "./names.ts";
import type { Problem, Subject } from "./types.ts";
import { checkGroup, checkRanges, checkTags } from "./values.ts";
import { checkZone } from "./zones.ts";

export type { Problem, Subject } from "./types.ts";

/** What of one resource AWS would refuse. @throws Error for a type that nothing is known of */
export function check(subject: Subject, region: string): Problem[] {
  typeOf(subject.token);
  const rules = [checkName, checkRanges, checkGroup, checkTags, checkZone(region)];
  return rules.flatMap((rule) => rule(subject));
}
