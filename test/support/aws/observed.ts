import type { ClusterPlan } from "../../../components/plan/types.ts";
import type {
  Observed,
  ObservedGroup,
  ObservedMachine,
  ObservedRefresh,
} from "../../../scripts/platforms/aws/observed.ts";
import { account, region, zones } from "./facts.ts";

/** A machine in service that passes its checks, with some of its fields replaced. */
export function machine(id: string, fields: Partial<ObservedMachine> = {}): ObservedMachine {
  return {
    id,
    zone: zones[0],
    address: "10.77.0.20",
    lifecycle: "InService",
    healthy: true,
    version: "1",
    target: { state: "healthy", reason: "" },
    ...fields,
  };
}

export function refresh(status: string, fields: Partial<ObservedRefresh> = {}): ObservedRefresh {
  return { id: "one", status, percent: 40, left: 2, reason: "", ended: null, ...fields };
}

/** What AWS tells of a cluster that stands as planned; groups by their keys. Null takes a group or the load balancer away. */
export function observedOf(
  plan: ClusterPlan,
  groups: Readonly<Record<string, Partial<ObservedGroup> | null>> = {},
  fields: Partial<Observed> = {},
): Observed {
  const seen = plan.groups.flatMap(({ key, name, count, waiting }): [string, ObservedGroup][] => {
    const change = groups[key];
    if (change === null) return [];
    const ids = (number: number, mark: string) =>
      Array.from({ length: number }, (_, index) => `i-${key}${mark}${index + 1}`);
    const whole: ObservedGroup = {
      ...count,
      version: "1",
      machines: ids(count.desired, "").map((id) => machine(id)),
      waiting: ids(waiting?.count ?? 0, "w").map((id) =>
        machine(id, { lifecycle: "Warmed:Stopped", target: null }),
      ),
      refresh: null,
      suspended: [],
    };
    return [[name, { ...whole, ...change }]];
  });
  return {
    groups: new Map(seen),
    front: {
      arn: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/net/demo/1`,
      address: `demo.elb.${region}.amazonaws.com`,
      state: "active",
      zones: zones.slice(0, 2),
      internal: false,
      addresses: [],
    },
    alarms: [],
    ...fields,
  };
}
