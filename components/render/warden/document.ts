import type { ClusterPlan, WardenPlan } from "../../plan/types.ts";

/** Version of the document; `infra/runtime/warden/config.ts` reads this one. */
const schema = 1;

/** warden.json of one warden. It knows no nodes: which there are its balancer and the platform tell. */
export function renderWarden(plan: ClusterPlan, warden: WardenPlan): string {
  const { coldAfter, calm, limit, restart } = warden.timers;
  const { after, unhealthyAfter, tries, backoff } = restart;
  const startup = Object.fromEntries(plan.pools.map(({ name, health }) => [name, health.startup]));
  const workers = Object.fromEntries(
    (plan.workers ?? []).map(({ key, role, of, schedule }) => [
      key,
      {
        kind: role,
        of,
        ...(schedule === undefined
          ? {}
          : { zone: schedule.zone, startWithin: schedule.startWithin, times: schedule.times }),
      },
    ]),
  );
  const document = {
    schema,
    cluster: plan.cluster,
    warden: warden.key,
    balancer: warden.balancer,
    answers: warden.answers,
    ...(warden.fence === undefined ? {} : { fence: warden.fence }),
    timers: { coldAfter, calm, limit, startup, restart: { after, unhealthyAfter, tries, backoff } },
    ...(plan.workers === undefined ? {} : { workers }),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
