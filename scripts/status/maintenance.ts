import type { MaintenanceStatus } from "./balancer-status.ts";
import type { Asked } from "./ipvs.ts";

/* What balancers say of maintenance. Each has been told by itself, so one that didn't run then may know another thing. */

/** By any balancer: the one that has it not may be a moment behind, and the address may move to the other. */
export function maintenanceOf(asked: Asked): { readonly maintenance?: MaintenanceStatus } {
  const [maintenance] = asked.flatMap(([, status]) => status?.operator?.maintenance ?? []);
  return maintenance === undefined ? {} : { maintenance };
}

/** A sentence where balancers that answer don't all treat clients alike; the wardens may move the address from one to the other. */
export function maintenanceDiffers(asked: Asked): string[] {
  const told = asked.flatMap(([key, status]) =>
    status === null ? [] : [{ key, maintenance: status.operator?.maintenance }],
  );
  if (new Set(told.map(({ maintenance }) => JSON.stringify(maintenance))).size < 2) return [];
  const keys = (isOn: boolean) =>
    told.filter(({ maintenance }) => (maintenance !== undefined) === isOn).map(({ key }) => key);
  const [on, off] = [keys(true).join(", "), keys(false).join(", ")];
  const how = off === "" ? `${on}: maintenance is not the same` : `maintenance is on at ${on}, not at ${off}`;
  return [`${how}; \`./hotspare maintenance\` on or off tells all again`];
}
