import type { Check } from "../../toolchain/check.ts";
import { keyChecks } from "./key.ts";
import { subjectOf } from "./observe.ts";
import { quotaChecks } from "./quotas.ts";

/** What of an account a stack stands on: its quotas, and a key of the stack's own. */
export async function examine(stack: string): Promise<Check[]> {
  const subject = subjectOf(stack);
  return [...(await quotaChecks(subject)), ...(await keyChecks(subject))];
}
