import { formatDuration } from "../../../model/units.ts";
import type { GroupPlan } from "../../../plan/groups/types.ts";
import { awsPart } from "../../../plan/platforms/aws/part.ts";
import type { AwsPlan, FrontPlan, ListenerPlan } from "../../../plan/platforms/aws/types.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import { reasonsOf } from "../../compare/sides.ts";
import type { EngineReview } from "../../engine/types.ts";
import { betweenPlans, type Finding, percent, type RiskRule } from "../../risks/rule.ts";
import { awsComparison, zoneChanges } from "./compare.ts";
import { refreshTime } from "./refresh.ts";
import { poolsAsked } from "./rollout.ts";

/* What only a cluster on Amazon EC2 has to fear. */

/** Both sides' plans with what only AWS knows; nothing where one isn't there. */
function onAws(
  find: (
    before: ClusterPlan & { readonly aws: AwsPlan },
    after: ClusterPlan & { readonly aws: AwsPlan },
  ) => readonly Finding[],
): RiskRule["find"] {
  return betweenPlans((before, after) => {
    const [old, now] = [awsPart(before), awsPart(after)];
    return old === null || now === null ? [] : find({ ...before, aws: old }, { ...after, aws: now });
  });
}

const frontReplaced: RiskRule = {
  code: "risk.front-replaced",
  severity: "danger",
  when: "the load balancer in front has to be made again, on AWS: another region, VPC or name, a zone less, other Elastic IPs, or inside the VPC and not outside",
  hint: "make a second cluster, let your name point to its load balancer, and remove this one; keep zones",
  find: (input) => [...planned(input), ...previewed(input.engine)],
};

const planned = onAws((before, after) => {
  const { removed } = zoneChanges({ before, after });
  const [vpc] = reasonsOf({ before, after }, awsComparison).network;
  const reasons: Finding[] = [
    ...(before.aws.region === after.aws.region
      ? []
      : [{ path: "platform.region", message: `${before.aws.region} → ${after.aws.region}` }]),
    ...(vpc === undefined || before.network.subnet !== after.network.subnet
      ? []
      : [{ path: "platform.vpc", message: `${vpc.before ?? "none"} → ${vpc.after ?? "none"}` }]),
    ...(before.aws.front.name === after.aws.front.name
      ? []
      : [{ path: "name", message: `${before.aws.front.name} → ${after.aws.front.name}` }]),
    ...elsewhere(before.aws.front, after.aws.front),
    // Another region has other zones anyway.
    ...(removed.length === 0 || before.aws.region !== after.aws.region
      ? []
      : [
          {
            path: "platform.zones",
            message: `without ${removed.join(", ")}, and a load balancer can't leave a zone`,
          },
        ]),
  ];
  return reasons.map(({ path, message }) => ({
    path,
    message: `${message}: the load balancer is removed and made again under another name; nobody answers meanwhile, and who has the old name meets nobody`,
  }));
});

/** What a load balancer is made with and can't be changed to (Elastic Load Balancing API, CreateLoadBalancer, SetSubnets). */
function elsewhere(before: FrontPlan, after: FrontPlan): Finding[] {
  const reach = (front: FrontPlan) => (front.internal ? "inside the VPC" : "for the internet");
  const addresses = ({ addresses: own }: FrontPlan) => own?.join(", ") ?? "AWS's own";
  // With a zone more the addresses of before may stay.
  const isKept = (before.addresses ?? []).every((address) => after.addresses?.includes(address));
  const isSame =
    (before.addresses === undefined) === (after.addresses === undefined) &&
    isKept &&
    (before.addresses?.length ?? 0) <= (after.addresses?.length ?? 0);
  return [
    ...(before.internal === after.internal
      ? []
      : [{ path: "platform.front.internal", message: `${reach(before)} → ${reach(after)}` }]),
    ...(isSame
      ? []
      : [
          {
            path: "platform.front.addresses",
            message: `addresses: ${addresses(before)} → ${addresses(after)}`,
          },
        ]),
  ];
}

/**
 * What only the engine tells. A Network Load Balancer with other subnets is replaced when they are known, and looks like an update
 * before: its provider can't compare what isn't made yet.
 */
function previewed(engine: EngineReview | null): Finding[] {
  return (engine?.steps ?? [])
    .filter(({ type }) => type === "aws:lb/loadBalancer:LoadBalancer")
    .flatMap(({ urn, name, kind, causes, properties }) => {
      if (kind === "replace")
        return [
          {
            path: urn,
            message: `${name} is replaced${causes[0] ? ` (${causes[0].text})` : ""}: its clients need another name`,
          },
        ];
      const isOpen = properties.some(
        ({ path, after }) => path.startsWith("subnets") && after.kind === "unknown",
      );
      return kind === "update" && isOpen
        ? [
            {
              path: urn,
              message: `${name} gets subnets that are known afterwards only: where one that it has is not among them, it is replaced, and its clients need another name`,
            },
          ]
        : [];
    });
}

const accountChanged: RiskRule = {
  code: "risk.account-changed",
  severity: "danger",
  when: "a cluster on AWS is to be in another account",
  hint: "remove it in the old account first, or give the new one another name",
  find: onAws(({ aws: before }, { aws: after }) =>
    before.account === null || after.account === null || before.account === after.account
      ? []
      : [
          {
            path: "platform.account",
            message: `${before.account} → ${after.account}: what stands in the old account can't be reached with the new one's credentials, goes on serving, and goes on costing`,
          },
        ],
  ),
};

/** A listener goes to balancers by its own port, in its own protocol. */
const listenerAhead: RiskRule = {
  code: "risk.listener-ahead",
  severity: "danger",
  when: "a listener of the load balancer changes at once while the balancers behind it are replaced one after the other",
  hint: "make it in a quiet hour, or add a second cluster and move the clients",
  find: onAws((before, after) => {
    const group = after.groups.find(({ role }) => role === "balancer");
    if (group === undefined) return [];
    const old = new Map(before.aws.front.listeners.map((listener) => [listener.key, listener]));
    return after.aws.front.listeners.flatMap((listener) => {
      const was = old.get(listener.key);
      if (was === undefined || speaks(was) === speaks(listener)) return [];
      return [
        {
          path: `balancer.listen.${listener.key}`,
          message: `${speaks(was)} → ${speaks(listener)} at once, and the balancers that expect it come one after the other: who meets an old one fails, for ${spanText(group)}`,
        },
      ];
    });
  }),
};

const speaks = ({ port, protocol }: ListenerPlan) => `${protocol} ${port}`;

function spanText(group: GroupPlan): string {
  const { low, high } = refreshTime(group);
  return `${formatDuration(low)} to ${formatDuration(high)}`;
}

const poolAhead: RiskRule = {
  code: "risk.pool-ahead",
  severity: "danger",
  when: "a pool is removed on AWS while balancers still send requests there",
  hint: "take its routes away first, and the pool in a change after all balancers have been replaced",
  find: onAws((before, after) => {
    const group = after.groups.find(({ role }) => role === "balancer");
    return group === undefined
      ? []
      : poolsAsked(before, after).map((pool) => ({
          path: `pools.${pool}`,
          message: `its machines go with \`up\`, and balancers with its routes are there for ${spanText(group)} more: requests to them fail`,
        }));
  }),
};

const natCut: RiskRule = {
  code: "risk.nat-changed",
  severity: "warning",
  when: "the way of machines on AWS to the internet changes",
  hint: "make it in a quiet hour, and not while machines are being replaced",
  find: onAws(({ aws: { vpc: before } }, { aws: { vpc: after } }) => {
    if (before.kind !== "own" || after.kind !== "own" || before.nat === after.nat) return [];
    const zones = after.nat === "one" ? "; from now on one zone's loss cuts off all" : "";
    return [
      {
        path: "platform.vpc.nat",
        message: `${before.nat} → ${after.nat}: what nodes have open to the outside (databases, other services) is cut, and comes from other addresses afterwards${zones}`,
      },
    ];
  }),
};

const scalingRemoved: RiskRule = {
  code: "risk.scaling-removed",
  severity: "warning",
  when: "a group on AWS followed its load and doesn't any more",
  hint: "look how many machines it has now, and set `active` to that",
  find: onAws((before, after) =>
    after.groups.flatMap(({ key, pool, targets, count }) => {
      const old = before.groups.find((group) => group.key === key);
      if (old === undefined || old.targets.length === 0 || targets.length > 0) return [];
      return [
        {
          path: `platform.pools.${pool}.scaling`,
          message: `from ${old.count.min}–${old.count.max} machines by load to ${count.desired} at once, however many it has now`,
        },
      ];
    }),
  ),
};

/** A choice of ours: below that nobody asks why. */
const costShare = 0.25;
const costFloor = 50;

const costRaised: RiskRule = {
  code: "risk.cost-raised",
  severity: "warning",
  when: `the estimate for a month rises by more than ${percent(costShare)} and $${costFloor}`,
  hint: "compare the parts in the review; the table of prices has a date, and no discounts",
  find: onAws(({ aws: { cost: before } }, { aws: { cost: after } }) => {
    const by = after.total - before.total;
    if (by <= costFloor || by <= before.total * costShare) return [];
    return [
      {
        path: "platform",
        message: `about $${before.total.toFixed(2)} → $${after.total.toFixed(2)} a month, ${percent(by / before.total)} more`,
      },
    ];
  }),
};

const clientsOpened: RiskRule = {
  code: "risk.clients-opened",
  severity: "warning",
  when: "a cluster on AWS let in some networks only and lets in everybody now",
  hint: "name the networks that need it",
  find: onAws(({ aws: { clients: before } }, { aws: { clients: after } }) =>
    before.includes(everybody) || !after.includes(everybody)
      ? []
      : [{ path: "platform.clients", message: `${before.join(", ")} → everybody on the internet` }],
  ),
};

const everybody = "0.0.0.0/0";

export const awsRules: readonly RiskRule[] = [
  frontReplaced,
  accountChanged,
  listenerAhead,
  poolAhead,
  natCut,
  scalingRemoved,
  costRaised,
  clientsOpened,
];
