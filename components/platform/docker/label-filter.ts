import { labelPrefix } from "../../plan/labels.ts";

/** Labels to look for, without their prefix; `true` for any value, `undefined` for no condition. */
export type WantedLabels = Readonly<Record<string, string | true | undefined>>;

/** A filter for Docker's list calls that finds what bears our labels and nothing else. */
export function labelFilter(wanted: WantedLabels): string {
  const label = Object.entries(wanted).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [value === true ? `${labelPrefix}${name}` : `${labelPrefix}${name}=${value}`];
  });
  return JSON.stringify({ label });
}
