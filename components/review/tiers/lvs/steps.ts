import type { ClusterPlan } from "../../../plan/types.ts";
import type { Known } from "../../compare/known.ts";
import type { FieldChange, MachineChange, RolloutStep } from "../../compare/types.ts";
import { listed } from "../../compare/words.ts";

/* What new files do to connections, where the directors stay. */

/** Directors that take new files of a name in place. */
const those = (machines: readonly MachineChange[], file: string) =>
  machines
    .filter(({ role, action, files }) => role === "balancer" && action === "updated" && files.includes(file))
    .map(({ key }) => key);

/** Programs that reload; the table of services changes in place. */
export const reloadsOf = (machines: readonly MachineChange[]): string[] => [
  ...(those(machines, "nginx.conf").length > 0 ? ["the control program"] : []),
  ...(those(machines, "keepalived.conf").length > 0 ? ["keepalived"] : []),
];

const none = { low: 0, high: 0 };

export function lvsSteps({ machines, settings }: Known, _: ClusterPlan): RolloutStep[] {
  const step = (file: string, text: (keys: string) => string): RolloutStep[] => {
    const keys = those(machines, file);
    return keys.length === 0 ? [] : [{ text: text(listed(keys)), lost: none, takes: null }];
  };
  return [
    ...step(
      "members.json",
      (keys) => `${keys}: the table of IPVS changes in place; open connections stay at their nodes`,
    ),
    ...serviceSteps(settings),
    ...step("nginx.conf", (keys) => `${keys}: the control program reloads; the kernel forwards meanwhile`),
    ...step("keepalived.conf", (keys) => `${keys}: keepalived reloads and keeps the address`),
  ];
}

/** A field of one service: `tier.services.tcp/5432.scheduler`. */
const ofService = /^tier\.services\.((?:tcp|udp)\/\d+)(?:\.(\w+))?/;

/** What a change of a service's own settings does to those who have connections open. */
function serviceSteps(settings: readonly FieldChange[]): RolloutStep[] {
  const steps = new Map<string, string>();
  for (const { path } of settings) {
    const [, service, field] = ofService.exec(path) ?? [];
    if (service === undefined) continue;
    if (field === "scheduler" || field === "flags")
      steps.set(
        `${service} scheduler`,
        `${service}: new connections are shared by the new scheduler; open ones stay at their nodes, but a director that takes over within them knows only those that it had heard of`,
      );
    if (field === "persistence")
      steps.set(
        `${service} persistence`,
        `${service}: clients stay at their nodes for the new time from their next connection on`,
      );
    if (field === "pool")
      steps.set(
        `${service} pool`,
        `${service}: new connections go to the new pool; open ones end at the old one, for as long as a drain may take`,
      );
  }
  return [...steps.values()].map((text) => ({ text, lost: null, takes: null }));
}
