import { poolNames } from "../compare/names.ts";
import { maskText } from "../masks.ts";
import { platformReviews } from "../platforms/select.ts";
import { tierReviews } from "../tiers/select.ts";
import { coverRules } from "./cover.ts";
import { engineRules } from "./engine.ts";
import { exposureRules } from "./exposure.ts";
import { renameRules } from "./renames.ts";
import type { RiskInput, RiskRule } from "./rule.ts";
import { tierRules } from "./tier.ts";
import { trafficRules } from "./traffic.ts";
import type { Risk } from "./types.ts";

export type { RiskInput, RiskRule } from "./rule.ts";

/** Every rule. Each stands for itself, so that one risk never hides another. */
export const riskRules: readonly RiskRule[] = [
  ...coverRules,
  ...tierRules,
  ...trafficRules,
  ...renameRules,
  ...tierReviews.flatMap(({ rules }) => rules),
  ...exposureRules,
  ...platformReviews.flatMap(({ rules }) => rules),
  ...engineRules,
];

const severities: readonly Risk["severity"][] = ["danger", "warning", "notice"];

/**
 * What is dangerous about a change, by severity, then code, then path; the same for the same input. Acknowledged risks stay in it
 * with the reason. The stack as it will be says what is acknowledged; one that is removed says it as it was, so that its removal
 * can be acknowledged in a change before.
 */
export function risksOf(input: RiskInput): Risk[] {
  const accepted = new Map(
    ((input.after ?? input.before)?.acknowledged ?? []).map(({ code, reason }) => [code, maskText(reason)]),
  );
  const shown = poolNames({ before: input.before?.plan ?? null, after: input.after?.plan ?? null });
  const risks = riskRules.flatMap(({ code, severity, hint, find }) =>
    find(input).map(({ path, message }) => ({
      code,
      severity,
      path: maskText(named(path, shown)),
      message: maskText(message),
      hint,
      acknowledged: accepted.get(code) ?? null,
    })),
  );
  return risks.sort(bySeverity);
}

/** A path as the stack has it, where pools stand by their names. */
function named(path: string, shown: (pool: string) => string): string {
  return path.replace(
    /^((?:platform\.)?pools\.)([a-z0-9-]+)/,
    (_, place: string, pool: string) => `${place}${shown(pool)}`,
  );
}

function bySeverity(a: Risk, b: Risk): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compareText(a.code, b.code) ||
    compareText(a.path, b.path) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
