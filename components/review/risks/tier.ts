import { counted } from "../../model/words.ts";
import { balancerCount } from "../../plan/capacity.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { platformReview } from "../platforms/select.ts";
import { betweenPlans, broughtAbout, type Finding, type RiskInput, type RiskRule } from "./rule.ts";

/* The balancer tier: who holds the address, and how many stand by for it. */

const pairBecomesSingle: RiskRule = {
  code: "risk.pair-becomes-single",
  severity: "danger",
  when: "there were two balancers or more, and one is left",
  hint: "keep `balancer.count` at 2",
  find: betweenPlans((before, after) => {
    const [old, now] = [balancerCount(before), balancerCount(after)];
    if (old < 2 || now !== 1) return [];
    return [
      {
        path: "balancer.count",
        message: `${old} balancers → 1: when it is lost nobody takes over, whatever the nodes do`,
      },
    ];
  }),
};

const singleReplaced: RiskRule = {
  code: "risk.single-balancer-replaced",
  severity: "danger",
  when: "the only balancer is replaced",
  hint: "go to 2 balancers first, then make this change, then go back",
  find: (input) =>
    allReplaced(
      input,
      (count) => count === 1,
      () =>
        "the only balancer is removed and made again: nobody answers until the new one has taken the address",
    ),
};

const allBalancersReplaced: RiskRule = {
  code: "risk.balancers-replaced",
  severity: "warning",
  when: "all balancers of a tier of several are replaced in one change",
  hint: "make it in a quiet hour; what cuts connections once for all is better than twice",
  find: (input) =>
    allReplaced(
      input,
      (count) => count > 1,
      (count) =>
        `all ${count} balancers are replaced, one after the other: the address moves at least once, every open connection is cut, and meanwhile ${counted(count - 1, "balancer")} ${count === 2 ? "stands" : "stand"} alone`,
    ),
};

/** Nothing where the network is another one as well: then everything is, and that is said by its own rule. */
function allReplaced(
  { before, after, change }: RiskInput,
  applies: (count: number) => boolean,
  message: (count: number) => string,
): Finding[] {
  if (before === null || after === null || change === null || otherNetwork(before.plan, after.plan))
    return [];
  const count = before.plan.balancers.length;
  const replaced = change.machines.filter(({ role, action }) => role === "balancer" && action === "replaced");
  return applies(count) && replaced.length === count ? [{ path: "balancer", message: message(count) }] : [];
}

function otherNetwork(before: ClusterPlan, after: ClusterPlan): boolean {
  return before.network.subnet !== after.network.subnet || before.network.name !== after.network.name;
}

const subnetChanged: RiskRule = {
  code: "risk.subnet-changed",
  severity: "danger",
  when: "the cluster's network is another one",
  hint: "make a second cluster with the new network, move the clients, and remove this one",
  find: betweenPlans((before, after) =>
    before.network.subnet === after.network.subnet ||
    [before, after].every((plan) => platformReview(plan).adoptsNetwork(plan))
      ? []
      : [
          {
            path: "network.subnet",
            message: `${before.network.subnet} → ${after.network.subnet}: every machine gets another address, so all ${machines(before)} are removed and made again, and nobody answers meanwhile`,
          },
        ],
  ),
};

/** All that has an address: the filter has none. */
function machines({ balancers, nodes, door, wardens, groups }: ClusterPlan): string {
  return groups.length > 0
    ? counted(groups.length, "group")
    : counted(balancers.length + nodes.length + wardens.length + (door === null ? 0 : 1), "machine");
}

const virtualAddressChanged: RiskRule = {
  code: "risk.virtual-address-changed",
  severity: "danger",
  when: "clients have to use another address",
  hint: "let names point to the new address first, with a short time to live",
  find: betweenPlans((before, after) =>
    before.network.virtualAddress === after.network.virtualAddress
      ? []
      : [
          {
            path: "network",
            message: `${addressOf(before)} → ${addressOf(after)}: who has the old address meets nobody`,
          },
        ],
  ),
};

function addressOf({ network, platform }: ClusterPlan): string {
  return network.virtualAddress ?? `a name of ${platform.kind}'s own balancer`;
}

const tlsRemoved: RiskRule = {
  code: "risk.tls-removed",
  severity: "danger",
  when: "the balancers took TLS and don't any more",
  hint: "keep `listen.tls`; clients that learnt of https by a redirect don't come back by themselves",
  find: betweenPlans(({ tier: before }, { tier: after }) =>
    before.tls === null || after.tls !== null
      ? []
      : [
          {
            path: "balancer.listen.tls",
            message: `TLS on port ${before.tls.port} → none: https clients meet a closed port, and what the others send can be read on its way`,
          },
        ],
  ),
};

const selfSigned: RiskRule = {
  code: "risk.self-signed-in-production",
  severity: "danger",
  when: "a production cluster shows certificates that it signed itself",
  hint: "give a certificate that your clients trust",
  find: broughtAbout(({ environment, tier }) =>
    environment === "production" && tier.tls?.end.at === "balancer" && tier.tls.end.selfSigned
      ? [
          {
            path: "balancer.listen.tls.certificate",
            message:
              "each balancer signs its own certificate: clients that check refuse it, and again after every move of the address",
          },
        ]
      : [],
  ),
};

export const tierRules: readonly RiskRule[] = [
  pairBecomesSingle,
  singleReplaced,
  allBalancersReplaced,
  subnetChanged,
  virtualAddressChanged,
  tlsRemoved,
  selfSigned,
];
