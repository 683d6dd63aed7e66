import { contains, parseSubnet, type Subnet } from "../../../ip.ts";
import type { Problem } from "../../../problem.ts";
import { nobodyIn } from "../../../rules/nobody.ts";
import type { AwsSpec, ClusterSpec } from "../../../spec.ts";
import { tlsOf } from "../../../tls.ts";
import { counted } from "../../../words.ts";
import { repeated } from "./repeated.ts";
import type { AwsRule } from "./rule.ts";

/*
 * Limits of AWS that a stack can reach: default quotas, which AWS raises for an account on request, and what it refuses always.
 * Found here, since AWS would say so in the middle of an `up`.
 */

/** Amazon VPC user guide, Quotas: rules a security group and direction. */
const rulesAGroup = 60;
/** Elastic Load Balancing user guide, Quotas for your Network Load Balancers. */
const listenersALoadBalancer = 50;
/** AWS general reference, Tagging: 50 for each resource; the kit's own and the name take up to 10 of them. */
const ownTags = 40;

const nothingTwice: AwsRule = (_, { clients, reach, monitoring, vpc }) => [
  ...repeated(clients, "platform.clients"),
  ...repeated(
    reach.map(({ network, port }) => `${network} port ${port}`),
    "platform.reach",
  ),
  ...repeated(monitoring.notify, "platform.monitoring.notify"),
  ...(vpc.kind === "adopted" ? subnetsDiffer(vpc) : []),
];

/** A load balancer has one subnet a zone, and a private one that is public as well isn't private. */
function subnetsDiffer(vpc: Extract<AwsSpec["vpc"], { kind: "adopted" }>): Problem[] {
  const shared = vpc.private.flatMap((id, index) =>
    vpc.public.includes(id)
      ? [
          {
            code: "aws.subnet-shared",
            path: `platform.vpc.private[${index}]`,
            message: `${id} is one of the public subnets too`,
            hint: "name a subnet without a route from the internet",
          },
        ]
      : [],
  );
  return [
    ...repeated(vpc.public, "platform.vpc.public"),
    ...repeated(vpc.private, "platform.vpc.private"),
    ...shared,
  ];
}

/** Ports of the cluster, and all listeners: each group of nodes has one for its checks. */
function listenerCount({ balancer, pools }: ClusterSpec): { front: number; all: number } {
  const front: number = tlsOf(balancer) !== null ? 2 : 1;
  const groups = Object.values(pools).map(({ standby }) => (standby.hot > 0 ? 2 : 1));
  return { front, all: groups.reduce<number>((sum, count) => sum + count, front) };
}

const rulesFit: AwsRule = (spec, { clients, reach }) => {
  const { front } = listenerCount(spec);
  const tooMany = (path: string, count: number, what: string, hint: string): Problem[] =>
    count <= rulesAGroup
      ? []
      : [
          {
            code: "aws.rules-too-many",
            path,
            message: `${what} make ${count} rules of a security group, and AWS takes ${rulesAGroup}`,
            hint,
          },
        ];
  return [
    ...tooMany(
      "platform.clients",
      clients.length * front,
      `${counted(clients.length, "network")} at ${counted(front, "port")}`,
      "join networks to larger ones",
    ),
    // Beside ports 80 and 443, and the endpoints' where there is no NAT.
    ...tooMany(
      "platform.reach",
      reach.length + 3,
      `${counted(reach.length, "network")} and what is always open`,
      "join networks to larger ones",
    ),
  ];
};

const listenersFit: AwsRule = (spec) => {
  const { front, all } = listenerCount(spec);
  return all <= listenersALoadBalancer
    ? []
    : [
        {
          code: "aws.listeners-too-many",
          path: "pools",
          message: `${counted(front, "port")} of the cluster and a check of each group of nodes are ${all} listeners, and a load balancer has at most ${listenersALoadBalancer}`,
          hint: "use fewer pools, or hot standbys in fewer of them",
        },
      ];
};

const trafficRises: AwsRule = (_, { traffic }) =>
  traffic.low <= traffic.high
    ? []
    : [
        {
          code: "aws.traffic-order",
          path: "platform.traffic",
          message: `${traffic.low} requests a second in a quiet month are more than ${traffic.high} in a busy one`,
          hint: "exchange them",
        },
      ];

/** A listener that ends TLS has its 350 s (Network Load Balancer user guide, Connection idle timeout). */
const idleAtTls: AwsRule = ({ balancer }, { idleTimeout }) =>
  tlsOf(balancer)?.certificate.kind !== "acm" || idleTimeout === 350_000
    ? []
    : [
        {
          code: "aws.idle-timeout-tls",
          path: "platform.idleTimeout",
          message:
            "TLS ends at the load balancer (acm), which forgets silent connections there after 350 s, whatever one asks for",
          hint: "leave it out and have clients send something more often, or use a certificate of kind given",
        },
      ];

const tagsFit: AwsRule = (_, { tags }) => {
  const count = Object.keys(tags).length;
  return count <= ownTags
    ? []
    : [
        {
          code: "aws.tags-too-many",
          path: "platform.tags",
          message: `${count} tags, and beside the kit's own AWS has room for ${ownTags}`,
          hint: "remove some",
        },
      ];
};

const reachIsNews: AwsRule = (_, { reach }) =>
  reach.flatMap(({ network, port }, index) => {
    const path = `platform.reach[${index}]`;
    const where = parseSubnet(network);
    if (where === null) {
      return [
        {
          code: "aws.reach-host-bits",
          path: `${path}.network`,
          message: `${network} is not the first address of a network`,
          hint: "clear its host bits, or use /32 for a single address",
        },
      ];
    }
    return network === "0.0.0.0/0" && (port === 80 || port === 443)
      ? [
          {
            code: "aws.reach-open",
            path,
            message: `port ${port} is open to everywhere already, and AWS refuses a second rule for it`,
            hint: "remove it",
          },
        ]
      : nobodyIn(where, network, `${path}.network`);
  });

/** What a key or a topic is used by is in the stack's region, and AWS finds neither elsewhere. */
const arnsHere: AwsRule = (_, { region, key, monitoring }) =>
  Object.entries({ "platform.key": key, "platform.monitoring.topic": monitoring.topic }).flatMap(
    ([path, arn]) => {
      const where = arn?.split(":")[3];
      return where === undefined || where === region
        ? []
        : [
            {
              code: "aws.arn-region",
              path,
              message: `it is in ${where}, and what uses it in ${region}`,
              hint: `use one of ${region}`,
            },
          ];
    },
  );

interface Taken {
  readonly network: string;
  readonly because: string;
  /** Whether it matters to a stack. */
  readonly when: (spec: ClusterSpec) => boolean;
}

const always = () => true;

/** Amazon VPC user guide, VPC CIDR blocks; and Docker's default bridge, which containers of nodes hang on. */
const takenNetworks: readonly Taken[] = [
  { network: "0.0.0.0/8", because: "no addresses of machines", when: always },
  { network: "127.0.0.0/8", because: "each machine's own", when: always },
  { network: "169.254.0.0/16", because: "AWS's own services' on each machine", when: always },
  { network: "224.0.0.0/3", because: "for groups and experiments", when: always },
  {
    network: "172.17.0.0/16",
    because: "those of the containers on each node, which could answer nobody from there",
    when: ({ pools }) => Object.values(pools).some(({ image }) => image.kind === "reference"),
  },
];

const networkIsFree: AwsRule = (spec, { vpc }) => {
  const own = spec.network.subnet === "auto" ? null : parseSubnet(spec.network.subnet);
  if (own === null || vpc.kind !== "own") return [];
  return takenNetworks
    .filter(({ network, when }) => meets(own, network) && when(spec))
    .map(({ network, because }) => ({
      code: "aws.network-taken",
      path: "network.subnet",
      message: `${spec.network.subnet} meets ${network}, whose addresses are ${because}`,
      hint: "choose another, e.g. 10.77.0.0/22",
    }));
};

function meets(own: Subnet, network: string): boolean {
  const other = parseSubnet(network);
  return other !== null && (contains(own, other.base) || contains(other, own.base));
}

export const limitRules: readonly AwsRule[] = [
  nothingTwice,
  rulesFit,
  listenersFit,
  tagsFit,
  trafficRises,
  idleAtTls,
  reachIsNews,
  arnsHere,
  networkIsFree,
];
