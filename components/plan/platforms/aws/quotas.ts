import { instanceType } from "../../../model/platforms/aws/instances.ts";
import type { GroupPlan } from "../../groups/types.ts";
import type { ClusterPlan } from "../../types.ts";
import type { AwsPlan } from "./types.ts";

/*
 * What a cluster takes of an account's quotas. Codes: Service Quotas (`list-service-quotas`), EC2 user guide, Amazon EC2 service
 * quotas. What AWS counts and has no code for is in the rules of the stack (rules of a security group, listeners).
 */

/** How much of one quota a cluster takes. */
export interface QuotaNeed {
  readonly service: "ec2" | "vpc" | "autoscaling" | "elasticloadbalancing";
  readonly code: string;
  /** For people, e.g. `vCPUs on demand (standard types)`. */
  readonly what: string;
  readonly kind: "vcpus" | "addresses" | "vpcs" | "groups" | "targets";
  /** Once it stands. */
  readonly standing: number;
  /** While changes roll through all groups at once, all of them scaled out. */
  readonly peak: number;
  /** What a new account has, for who can't ask; null where that differs too much. */
  readonly usual: number | null;
}

interface FamilyQuota {
  readonly name: string;
  readonly families: RegExp;
  readonly onDemand: string;
  /** Null where AWS has no Spot machines of it. */
  readonly spot: string | null;
}

/** Types with an accelerator begin like standard ones, and so come first. */
const families: readonly FamilyQuota[] = [
  { name: "Inf", families: /^inf\d/, onDemand: "L-1945791B", spot: "L-B5D1601B" },
  { name: "Trn", families: /^trn\d/, onDemand: "L-2C3B7624", spot: "L-6B0D517C" },
  { name: "DL", families: /^dl\d/, onDemand: "L-6E869C2A", spot: "L-85EED4F7" },
  { name: "HPC", families: /^hpc\d/, onDemand: "L-F7808C92", spot: null },
  { name: "G and VT", families: /^(g|gr|vt)\d/, onDemand: "L-DB2E81BA", spot: "L-3819A6DF" },
  { name: "P", families: /^p\d/, onDemand: "L-417A185B", spot: "L-7212CCBC" },
  { name: "F", families: /^f\d/, onDemand: "L-74FC7D96", spot: "L-88CF9481" },
  { name: "X", families: /^x\d/, onDemand: "L-7295265B", spot: "L-E3A00192" },
  { name: "high memory", families: /^u/, onDemand: "L-43DA4232", spot: null },
  { name: "standard", families: /^(a|c|d|h|i|im|is|m|r|t|z)\d/, onDemand: "L-1216C47A", spot: "L-34B43A08" },
];

/** The quota that machines of a type count to, on demand or as Spot; null for a type that AWS sells none of so. */
export function machineQuota(type: string, market: "onDemand" | "spot"): string | null {
  return families.find((quota) => quota.families.test(type))?.[market] ?? null;
}

/** Each quota that the cluster takes something of, the machines' first. */
export function quotaNeeds({ groups }: Pick<ClusterPlan, "groups">, { vpc, front }: AwsPlan): QuotaNeed[] {
  const gateways =
    vpc.kind === "adopted" || vpc.nat === "none" ? 0 : vpc.nat === "one" ? 1 : vpc.zones.length;
  const registered = groups.map((group) => {
    const targets = group.pool === null ? front.listeners.length : 1;
    return {
      standing: targets * group.count.desired,
      peak: targets * (group.count.max + group.refresh.atOnce),
    };
  });
  const once = (need: Omit<QuotaNeed, "standing" | "peak">, count: number): QuotaNeed[] =>
    count === 0 ? [] : [{ ...need, standing: count, peak: count }];
  return [
    ...vcpuNeeds(groups),
    ...once(
      { service: "ec2", code: "L-0263D0A3", what: "Elastic IPs", kind: "addresses", usual: 5 },
      gateways,
    ),
    ...once(
      { service: "vpc", code: "L-F678F1CE", what: "VPCs", kind: "vpcs", usual: 5 },
      vpc.kind === "own" ? 1 : 0,
    ),
    ...once(
      { service: "autoscaling", code: "L-CDE20ADC", what: "Auto Scaling groups", kind: "groups", usual: 500 },
      groups.length,
    ),
    {
      service: "elasticloadbalancing",
      // Where it sends across zones, all of them together count (Network Load Balancer user guide, Quotas).
      code: "L-B211E961",
      what: "targets of the load balancer",
      kind: "targets",
      standing: sum(registered.map(({ standing }) => standing)),
      peak: sum(registered.map(({ peak }) => peak)),
      usual: 500,
    },
  ];
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

interface Machines {
  readonly code: string;
  readonly what: string;
  readonly standing: number;
  readonly peak: number;
}

function vcpuNeeds(groups: readonly GroupPlan[]): QuotaNeed[] {
  const byCode = Map.groupBy(groups.flatMap(machinesOf), ({ code }) => code);
  return [...byCode].map(([code, machines]) => ({
    service: "ec2" as const,
    code,
    what: machines[0]?.what ?? "",
    kind: "vcpus" as const,
    standing: sum(machines.map(({ standing }) => standing)),
    peak: sum(machines.map(({ peak }) => peak)),
    // From 0 to 64 for new accounts, by their age.
    usual: null,
  }));
}

/** A machine of a warm pool runs while it is made, whatever state it then waits in. */
function machinesOf({ count, waiting, machine, spot, refresh }: GroupPlan): Machines[] {
  const ready = waiting?.state === "running" ? waiting.count : 0;
  const [standing, peak] = [count.desired + ready, count.max + (waiting?.count ?? 0) + refresh.atOnce];
  const onDemand = (all: number) => (spot === null ? all : Math.min(all, spot.onDemand));
  const types = [machine.type, ...(spot === null ? [] : machine.others)];
  // AWS chooses the type, so the largest counts.
  const vcpus = Math.max(...types.map((type) => instanceType(type)?.vcpus ?? machine.vcpus));
  const family = families.find((quota) => quota.families.test(machine.type));
  const part = (market: "onDemand" | "spot", numbers: readonly [number, number]): Machines[] => {
    const code = family?.[market] ?? null;
    if (family === undefined || code === null || numbers[1] === 0) return [];
    const what = `vCPUs ${market === "spot" ? "as Spot" : "on demand"} (${family.name} types)`;
    return [{ code, what, standing: numbers[0] * vcpus, peak: numbers[1] * vcpus }];
  };
  return [
    ...part("onDemand", [onDemand(standing), onDemand(peak)]),
    ...part("spot", [standing - onDemand(standing), peak - onDemand(peak)]),
  ];
}
