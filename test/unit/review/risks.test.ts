import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RiskCode, riskCodes, warningCodes } from "../../../components/model/codes.ts";
import { compare } from "../../../components/review/compare/index.ts";
import type { PlanDocument } from "../../../components/review/document.ts";
import type { EngineReview, EngineStep } from "../../../components/review/engine/types.ts";
import { type RiskInput, riskRules, risksOf } from "../../../components/review/risks/index.ts";
import { problemExamples } from "../../../scripts/docs/problem-examples.ts";
import { findings } from "../../../scripts/docs/problem-reference.ts";
import awsProduction from "../../../stacks/aws-production.ts";
import { awsStack } from "../../support/aws/stacks.ts";
import { documentOf } from "../../support/plan-documents.ts";
import { randomStack } from "../../support/random-stacks.ts";
import { engineReview, property } from "../../support/reviews.ts";

type Stack = { readonly pools: object };

const small = {
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.77.0.0/22" },
};
const stack = (options: object = {}, pool: object = {}): Stack => ({
  ...small,
  pools: { web: { active: 3, ...pool } },
  ...options,
});
const nginx = (options: object) => ({ balancer: { kind: "nginx", ...options } });
const wide = { network: { subnet: "10.64.0.0/16" } };
const production = (options: object = {}): Stack =>
  stack({ environment: "production", protect: true, ...options }, { standby: { hot: 1 } });
const hashed = { algorithm: { kind: "consistent-hash", key: "uri" } };
const twoPools = (options: object = {}) =>
  stack({
    pools: { web: { active: 2 }, api: { active: 2 } },
    routes: [{ path: "/api/", pool: "api" }],
    ...options,
  });
const pools = (named: Record<string, object>, options: object = {}) =>
  stack({
    pools: named,
    routes: Object.keys(named).map((pool, index) => ({ path: index === 0 ? "/" : `/${index}/`, pool })),
    ...options,
  });
const route = (options: object) => stack({ routes: [{ path: "/pay/", pool: "web", ...options }] });

/** Planned and compared as a review does it. */
function input(before: Stack | null, after: Stack | null, engine: EngineReview | null = null): RiskInput {
  return between(before && documentOf(before), after && documentOf(after), engine);
}

function between(
  before: PlanDocument | null,
  after: PlanDocument | null,
  engine: EngineReview | null = null,
): RiskInput {
  return { before, after, change: compare(before, after), engine };
}

/** Of one rule, since a change may be risky in several ways. */
function found(code: RiskCode, risks: RiskInput): string[] {
  return risksOf(risks)
    .filter((risk) => risk.code === code)
    .map(({ path, message }) => `${path}: ${message}`);
}

interface Case {
  readonly code: RiskCode;
  readonly risky: RiskInput;
  readonly says: readonly string[];
  /** Close to it, and not risky in this way. */
  readonly safe: readonly RiskInput[];
}

function engine(step: Partial<EngineStep>): EngineReview {
  const whole: EngineStep = {
    urn: "urn:pulumi:dev::hotspare::docker:index/container:Container::lb-1",
    name: "lb-1",
    type: "docker:index/container:Container",
    component: [],
    kind: "replace",
    order: "delete-first",
    causes: [{ kind: "property", from: null, properties: ["image"], text: "its image changes" }],
    properties: [],
    protected: false,
    holdsData: false,
    retained: false,
    opens: [],
    failed: false,
    ...step,
  };
  return engineReview([whole]);
}
const volume = (options: Partial<EngineStep>) =>
  engine({
    urn: "urn:pulumi:dev::hotspare::docker:index/volume:Volume::orders",
    name: "orders",
    type: "docker:index/volume:Volume",
    kind: "delete",
    order: null,
    holdsData: true,
    ...options,
  });

const cluster = (engine: EngineReview | null = null) => input(stack(), stack(), engine);
/** Another image of the balancers, as another version of the kit brings it. */
const otherBalancer = (before: Stack, after: Stack) =>
  between(documentOf(before), documentOf(after, { balancer: "hotspare/balancer:other" }));

/** A document whose plan is as no rule of this version lets it be. */
function withPlan(before: Stack, after: Stack, plan: Partial<PlanDocument["plan"]>): RiskInput {
  const sides = input(before, after);
  return { ...sides, after: sides.after && { ...sides.after, plan: { ...sides.after.plan, ...plan } } };
}

function withListener(listener: string): RiskInput {
  const sides = input(stack(), stack());
  const files = [{ path: "nginx.conf", mode: "0644", content: `server {\n    listen ${listener};\n}\n` }];
  return { ...sides, after: sides.after && { ...sides.after, machines: [{ machine: "lb-1", files }] } };
}

const front = (options: Partial<EngineStep>) =>
  engine({
    urn: "front",
    name: "shop-tier-lb-front",
    type: "aws:lb/loadBalancer:LoadBalancer",
    order: null,
    causes: [{ kind: "property", from: null, properties: ["name"], text: "its name changes" }],
    ...options,
  });

/** A stack on AWS of three balancers in three zones, with fields of the platform and of its own. */
const onAws = (platform: object = {}, fields: object = {}): Stack =>
  awsStack(
    { zones: 3, ...platform },
    { balancer: { kind: "nginx", count: 3 }, pools: { web: { active: 4 } }, ...fields },
  );
const aws = (platform: object, fields?: object): RiskInput => input(onAws(), onAws(platform, fields));
const zoned = { zones: ["eu-central-1a", "eu-central-1b"] };
const adopted = {
  kind: "adopted",
  id: "vpc-0123456789abcdef0",
  public: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  private: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
};
const listening = (listen: object): object => ({ balancer: { kind: "nginx", count: 3, listen } });
const acm = {
  tls: { certificate: { kind: "acm", arn: "arn:aws:acm:eu-central-1:123456789012:certificate/a" } },
};
const given = {
  tls: { certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } } },
};
const following = { pools: { web: { scaling: { max: 9, targets: [{ kind: "cpu", percent: 50 }] } } } };
const twoOnAws = {
  pools: { web: { active: 4 }, api: { active: 2 } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api" },
  ],
};
const made =
  "the load balancer is removed and made again under another name; nobody answers meanwhile, and who has the old name meets nobody";

const elastic = (...digits: number[]) => digits.map((digit) => `eipalloc-0123456789abcdef${digit}`);

const awsCases: readonly Case[] = [
  {
    code: "risk.front-replaced",
    risky: aws({ front: { internal: true } }),
    says: [`platform.front.internal: for the internet → inside the VPC: ${made}`],
    safe: [aws({ front: { dns: { zone: "Z0123456789", name: "shop.example.com" } } })],
  },
  {
    code: "risk.front-replaced",
    risky: input(onAws({ zones: 2, front: { addresses: elastic(0, 1) } }), onAws({ zones: 2 })),
    says: [`platform.front.addresses: addresses: ${elastic(0, 1).join(", ")} → AWS's own: ${made}`],
    safe: [
      input(
        onAws({ zones: 2, front: { addresses: elastic(0, 1) } }),
        onAws({ zones: 3, front: { addresses: elastic(0, 1, 2) } }),
      ),
    ],
  },
  {
    code: "risk.front-replaced",
    risky: aws({ zones: 2 }),
    says: [`platform.zones: without eu-central-1c, and a load balancer can't leave a zone: ${made}`],
    safe: [
      input(onAws({ zones: 2 }), onAws()),
      aws({ instanceType: "m6i.large" }),
      aws({ vpc: { kind: "own", nat: "one" } }),
      aws({}, listening({ http: 8080 })),
    ],
  },
  {
    code: "risk.front-replaced",
    risky: aws({ region: "eu-west-1" }),
    says: [`platform.region: eu-central-1 → eu-west-1: ${made}`],
    safe: [],
  },
  {
    code: "risk.front-replaced",
    risky: input(onAws(), onAws({}, { name: "other" })),
    says: [`name: demo-0123-front → other-0123-front: ${made}`],
    safe: [],
  },
  {
    code: "risk.front-replaced",
    risky: cluster(front({ kind: "replace", order: "delete-first" })),
    says: ["front: shop-tier-lb-front is replaced (its name changes): its clients need another name"],
    safe: [
      cluster(front({ kind: "update", properties: [property("subnets[2]", "subnet-1", "subnet-2")] })),
      cluster(front({ kind: "delete" })),
    ],
  },
  {
    code: "risk.front-replaced",
    risky: cluster(
      front({
        kind: "update",
        properties: [{ ...property("subnets[2]", "subnet-1", ""), after: { kind: "unknown" } }],
      }),
    ),
    says: [
      "front: shop-tier-lb-front gets subnets that are known afterwards only: where one that it has is not among them, it is replaced, and its clients need another name",
    ],
    safe: [
      cluster(
        front({
          kind: "update",
          properties: [{ ...property("securityGroups[0]", "sg-1", ""), after: { kind: "unknown" } }],
        }),
      ),
    ],
  },
  {
    code: "risk.account-changed",
    risky: input(onAws({ account: "111111111111" }), onAws({ account: "222222222222" })),
    says: [
      "platform.account: 111111111111 → 222222222222: what stands in the old account can't be reached with the new one's credentials, goes on serving, and goes on costing",
    ],
    safe: [aws({ account: "111111111111" }), input(onAws({ account: "111111111111" }), onAws())],
  },
  {
    code: "risk.listener-ahead",
    risky: aws({}, listening({ http: 8080 })),
    // Three machines one by one, each at least 60 s + 30 s; three stops of 2 min; at most 6 min + 30 s + 30 s each.
    says: [
      "balancer.listen.http: TCP 80 → TCP 8080 at once, and the balancers that expect it come one after the other: who meets an old one fails, for 10.5 min to 27 min",
    ],
    safe: [aws({}, listening(given)), input(onAws({}, listening(given)), onAws())],
  },
  {
    code: "risk.listener-ahead",
    risky: input(onAws({}, listening(given)), onAws({}, listening(acm))),
    says: [expect.stringMatching(/^balancer\.listen\.tls: TCP 443 → TLS 443 at once/) as unknown as string],
    safe: [],
  },
  {
    code: "risk.pool-ahead",
    risky: input(onAws({}, twoOnAws), onAws()),
    says: [
      "pools.api: its machines go with `up`, and balancers with its routes are there for 10.5 min to 27 min more: requests to them fail",
    ],
    safe: [input(onAws(), onAws({}, twoOnAws)), input(twoPools(), stack())],
  },
  {
    code: "risk.nat-changed",
    risky: aws({ vpc: { kind: "own", nat: "one" } }),
    says: [
      "platform.vpc.nat: per-zone → one: what nodes have open to the outside (databases, other services) is cut, and comes from other addresses afterwards; from now on one zone's loss cuts off all",
    ],
    safe: [aws({ vpc: { kind: "own", flowLogs: 7 } }), input(null, onAws())],
  },
  {
    code: "risk.scaling-removed",
    risky: input(onAws(following), onAws()),
    says: ["platform.pools.web.scaling: from 4–9 machines by load to 4 at once, however many it has now"],
    safe: [aws(following), input(onAws(following), onAws(following, { pools: { web: { active: 5 } } }))],
  },
  {
    code: "risk.cost-raised",
    risky: aws({ instanceType: "m6i.large" }),
    says: [
      expect.stringMatching(
        /^platform: about \$\d+\.\d\d → \$\d+\.\d\d a month, \d+ % more$/,
      ) as unknown as string,
    ],
    safe: [
      aws({ disk: "16 GB" }),
      input(onAws({ instanceType: "m6i.large" }), onAws()),
      // More than a quarter, and less than the price of a lunch.
      input(
        onAws({ vpc: { kind: "own", nat: "one" } }, { pools: { web: { active: 1 } } }),
        onAws({ vpc: { kind: "own", nat: "one" } }, { pools: { web: { active: 3 } } }),
      ),
    ],
  },
  {
    code: "risk.clients-opened",
    risky: input(onAws({ clients: ["198.51.100.0/24"] }), onAws()),
    says: ["platform.clients: 198.51.100.0/24 → everybody on the internet"],
    safe: [aws({ clients: ["198.51.100.0/24"] }), aws({})],
  },
];

const cases: readonly Case[] = [
  {
    code: "risk.last-hot-standby-removed",
    risky: input(stack({}, { standby: { hot: 2 } }), stack()),
    says: [
      "pools.web.standby.hot: 2 hot standbys → none: when one of 3 active nodes is lost nobody steps in at once",
    ],
    safe: [
      input(stack({}, { standby: { hot: 2 } }), stack({}, { standby: { hot: 1 } })),
      input(stack(), stack({}, { active: 2 })),
      input(null, stack()),
      input(stack({}, { standby: { hot: 1 } }), null),
    ],
  },
  {
    code: "risk.accessory-stopped",
    risky: input(
      stack({ accessories: { db: { image: { kind: "sample" } }, cache: { image: { kind: "sample" } } } }),
      stack({ accessories: { db: { image: { kind: "sample" }, environment: { A: "1" } } } }),
    ),
    says: [
      "accessories.cache: is removed: whoever asks it fails from then on",
      "accessories.db: is stopped and made again: whoever asks it fails meanwhile",
    ],
    safe: [
      input(stack(), stack({ accessories: { db: { image: { kind: "sample" } } } })),
      input(
        stack({ accessories: { db: { image: { kind: "sample" } } } }),
        stack(
          { accessories: { db: { image: { kind: "sample" }, memory: "512 MB" } } },
          { environment: { A: "1" } },
        ),
      ),
    ],
  },
  {
    code: "risk.capability-added",
    risky: input(
      stack({}, { capabilities: ["CHOWN"] }),
      stack({}, { capabilities: ["CHOWN", "KILL", "SYS_ADMIN"] }),
    ),
    says: [
      "pools.web.capabilities.KILL: whoever takes over a node of the pool has CAP_KILL as well",
      "pools.web.capabilities.SYS_ADMIN: whoever takes over a node of the pool has CAP_SYS_ADMIN as well, which is close to root on the host",
    ],
    safe: [
      input(stack({}, { capabilities: ["CHOWN", "KILL"] }), stack({}, { capabilities: ["KILL"] })),
      input(stack({}, { capabilities: ["KILL"] }), null),
    ],
  },
  {
    code: "risk.capacity-halved",
    risky: input(stack({}, { active: 4 }), stack({}, { active: 2 })),
    says: ["pools.web.active: 4 active nodes → 2, 2 → 1 cores: 50 % less capacity"],
    safe: [
      input(stack({}, { active: 5 }), stack({}, { active: 3 })),
      input(stack({}, { active: 4 }), stack({}, { active: 2, cpus: 1 })),
      input(stack({}, { active: 2 }), stack({}, { active: 4 })),
    ],
  },
  {
    code: "risk.cover-too-thin",
    risky: input(stack(), stack({}, { active: 2 })),
    says: [
      "pools.web.active: when an active node is lost 50 % of the capacity is left, 67 % before: the others get 2.0 times their requests",
    ],
    safe: [
      input(stack({}, { active: 4 }), stack()),
      input(stack(), stack({}, { active: 2, standby: { hot: 1 } })),
      input(stack({}, { active: 2 }), stack({}, { active: 1 })),
      input(stack(), stack({}, { weights: { "web-1": 1, "web-2": 1 } })),
    ],
  },
  {
    code: "risk.cover-too-thin",
    risky: input(stack(), stack({}, { weights: { "web-2": 8 } })),
    says: [
      "pools.web.active: when web-2 is lost 20 % of the capacity is left, 67 % before: the others get 5.0 times their requests",
    ],
    safe: [input(stack({}, { weights: { "web-2": 8 } }), stack({}, { weights: { "web-2": 9 } }))],
  },
  {
    code: "risk.cover-too-thin",
    risky: input(
      stack({}, { active: 2, standby: { hot: 1 } }),
      stack({ warden: { enabled: false } }, { active: 2, standby: { hot: 1 } }),
    ),
    says: [
      "pools.web.active: when an active node is lost 50 % of the capacity is left, 100 % before: the others get 2.0 times their requests",
    ],
    safe: [],
  },
  {
    code: "risk.cover-too-thin",
    risky: input(stack({}, { active: 1, standby: { hot: 1 } }), stack({}, { active: 1 })),
    says: [
      "pools.web.active: when the only active node is lost 0 % of the capacity is left, 100 % before: nobody answers",
    ],
    safe: [],
  },
  {
    code: "risk.pool-removed-in-use",
    risky: input(twoPools(), stack()),
    says: [
      'pools.api: requests below /api/ were for pool "api", which is removed: pool "web" gets them on top of its own',
    ],
    safe: [
      input(twoPools(), twoPools({ routes: [{ path: "/v2/", pool: "api" }] })),
      input(
        twoPools(),
        stack({
          pools: { web: { active: 2 }, new: { active: 2 } },
          routes: [{ path: "/api/", pool: "new" }],
        }),
      ),
      input(twoPools(), null),
    ],
  },
  {
    code: "risk.pair-becomes-single",
    risky: input(stack(), stack(nginx({ count: 1 }))),
    says: ["balancer.count: 2 balancers → 1: when it is lost nobody takes over, whatever the nodes do"],
    safe: [
      input(stack(nginx({ count: 3 })), stack(nginx({ count: 2 }))),
      input(stack(nginx({ count: 1 })), stack(nginx({ count: 1 }))),
      input(null, stack(nginx({ count: 1 }))),
    ],
  },
  {
    code: "risk.single-balancer-replaced",
    risky: otherBalancer(stack(nginx({ count: 1 })), stack(nginx({ count: 1 }))),
    says: [
      "balancer: the only balancer is removed and made again: nobody answers until the new one has taken the address",
    ],
    safe: [
      otherBalancer(stack(), stack()),
      input(stack(nginx({ count: 1 })), stack(nginx({ count: 1, bodyLimit: "2 MB" }))),
    ],
  },
  {
    code: "risk.balancers-replaced",
    risky: otherBalancer(stack(), stack()),
    says: [
      "balancer: all 2 balancers are replaced, one after the other: the address moves at least once, every open connection is cut, and meanwhile 1 balancer stands alone",
    ],
    safe: [
      cluster(),
      input(stack(nginx({ cpus: 1 })), stack(nginx({ cpus: 1, memory: "512 MB" }))),
      input(stack(), stack({ network: { subnet: "10.78.0.0/22" } })),
    ],
  },
  {
    code: "risk.subnet-changed",
    risky: input(stack(), stack({ network: { subnet: "10.78.0.0/22" } })),
    says: [
      "network.subnet: 10.77.0.0/22 → 10.78.0.0/22: every machine gets another address, so all 8 machines are removed and made again, and nobody answers meanwhile",
    ],
    safe: [
      input(
        onAws({ ...zoned, vpc: adopted }),
        onAws({ ...zoned, vpc: adopted }, { network: { subnet: "10.99.0.0/20" } }),
      ),
      cluster(),
      input(null, stack()),
      input(stack(), stack({}, { active: 4 })),
    ],
  },
  {
    code: "risk.virtual-address-changed",
    risky: input(stack(), stack({ network: { subnet: "10.78.0.0/22" } })),
    says: ["network: 10.77.0.10 → 10.78.0.10: who has the old address meets nobody"],
    safe: [cluster(), input(null, stack()), input(stack(), stack({ network: { subnet: "10.77.0.0/23" } }))],
  },
  {
    code: "risk.tls-removed",
    risky: input(stack(nginx({ listen: { tls: {} } })), stack()),
    says: [
      "balancer.listen.tls: TLS on port 443 → none: https clients meet a closed port, and what the others send can be read on its way",
    ],
    safe: [
      input(stack(nginx({ listen: { tls: {} } })), stack(nginx({ listen: { tls: { port: 8443 } } }))),
      input(stack(), stack(nginx({ listen: { tls: {} } }))),
      cluster(),
    ],
  },
  {
    code: "risk.self-signed-in-production",
    risky: input(production(), production(nginx({ listen: { tls: {} } }))),
    says: [
      "balancer.listen.tls.certificate: each balancer signs its own certificate: clients that check refuse it, and again after every move of the address",
    ],
    safe: [
      input(production(nginx({ listen: { tls: {} } })), production(nginx({ listen: { tls: {} } }))),
      input(stack(), stack(nginx({ listen: { tls: {} } }))),
      input(
        production(),
        production(
          nginx({
            listen: {
              tls: {
                certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } },
              },
            },
          }),
        ),
      ),
    ],
  },
  {
    code: "risk.weight-starves-node",
    risky: input(stack(), stack({}, { weights: { "web-1": 300 } })),
    says: [
      "pools.web.weights: 2 nodes get less than 1 % of the requests each, web-2 0.33 % (weight 1): they are neither warm nor watched, and their faults show first when they are needed",
    ],
    safe: [
      input(stack(), stack({}, { weights: { "web-1": 90 } })),
      input(stack({}, { weights: { "web-1": 300 } }), stack({}, { weights: { "web-1": 400 } })),
      // Of equal weights each gets little, and nobody is starved.
      input(stack(wide, { active: 1000 }), stack(wide, { active: 900 })),
      input(stack(wide, { active: 90 }), stack(wide, { active: 120 })),
    ],
  },
  {
    code: "risk.keys-moved",
    risky: input(stack({}, hashed), stack({}, { active: 1, ...hashed })),
    says: ["pools.web: 67 % of all keys go to another node than before"],
    safe: [
      input(stack({}, hashed), stack({}, { active: 6, ...hashed })),
      input(stack({}, hashed), stack({}, { active: 1 })),
      input(stack(), stack({}, { active: 1 })),
    ],
  },
  {
    code: "risk.hash-with-hot-standby",
    risky: input(stack({}, { standby: { hot: 1 } }), stack({}, { standby: { hot: 1 }, ...hashed })),
    // Three nodes alike: 1/3 that the standby comes first of those left, less 1/6 where the lost one came before them as well.
    says: [
      "pools.web.algorithm: when an active node is lost its keys go to others, as they must; the hot standby that steps in takes 17 % of all keys from nodes that are well besides, until the active nodes are back",
    ],
    safe: [
      input(stack(), stack({}, hashed)),
      input(stack(), stack({}, { standby: { hot: 1 } })),
      input(stack(), stack({ warden: { enabled: false } }, { standby: { hot: 1 }, ...hashed })),
      input(stack(), stack({}, { active: 1, standby: { hot: 1 }, ...hashed })),
      input(
        stack({}, { standby: { hot: 1 }, ...hashed }),
        stack({}, { active: 4, standby: { hot: 1 }, ...hashed }),
      ),
    ],
  },
  {
    code: "risk.route-idempotent",
    risky: input(route({}), route({ idempotent: true })),
    says: [
      "routes[/pay/].idempotent: POST, PATCH and LOCK below /pay/ may be done up to 3 times when a node is lost while it works on them",
    ],
    safe: [
      input(route({ idempotent: true }), route({ idempotent: true, tries: 2 })),
      input(route({ idempotent: true }), route({})),
      input(stack({ routes: [{ path: "/", pool: "web", idempotent: true }] }), route({ idempotent: true })),
      input(null, route({ idempotent: true })),
    ],
  },
  {
    code: "risk.health-loosened",
    risky: input(stack(), stack({}, { health: { interval: "1 s", timeout: "500 ms" } })),
    says: [
      "pools.web.health: a node that hangs is taken out after up to 2.5 s, 550 ms before; until then it gets its share of the requests",
    ],
    safe: [
      input(stack(), stack({}, { health: { interval: "900 ms", timeout: "150 ms" } })),
      input(
        stack({}, { health: { interval: "2 s", timeout: "1 s" } }),
        stack({}, { health: { interval: "4 s", timeout: "1 s" } }),
      ),
    ],
  },
  {
    code: "risk.warden-off-with-cold",
    risky: input(
      stack({}, { standby: { cold: 2 } }),
      stack({ warden: { enabled: false } }, { standby: { cold: 2 } }),
    ),
    says: [
      'warden.enabled: nobody starts the 2 cold standbys of pool "web" any more, and no dead node is brought back',
    ],
    safe: [
      input(stack(), stack({ warden: { enabled: false } })),
      input(
        stack({ warden: { enabled: false } }, { standby: { cold: 2 } }),
        stack({ warden: { enabled: false } }, { standby: { cold: 3 } }),
      ),
      input(null, stack({ warden: { enabled: false } }, { standby: { cold: 2 } })),
    ],
  },
  {
    code: "risk.trusts-every-proxy",
    risky: input(stack(), stack(nginx({ trustedProxies: ["0.0.0.0/0", "10.0.0.0/8"] }))),
    says: [
      "balancer.trustedProxies[0.0.0.0/0]: whoever comes from 0.0.0.0/0 may claim to be any client: rate limits, ip-hash and logs believe it",
    ],
    safe: [
      input(stack(), stack(nginx({ trustedProxies: ["10.0.0.0/8", "192.0.2.1/32"] }))),
      input(stack(nginx({ trustedProxies: ["0.0.0.0/0"] })), stack(nginx({ trustedProxies: ["0.0.0.0/0"] }))),
    ],
  },
  {
    code: "risk.control-port-open",
    risky: withListener("0.0.0.0:9180"),
    says: [
      "lb-1/nginx.conf: listens on 0.0.0.0:9180: whoever reaches the balancer may read its state, and more where writing is allowed",
    ],
    safe: [withListener("127.0.0.1:9180"), withListener("[::1]:9180"), withListener("0.0.0.0:80"), cluster()],
  },
  {
    code: "risk.control-port-open",
    risky: withListener("9180"),
    says: [
      "lb-1/nginx.conf: listens on 9180: whoever reaches the balancer may read its state, and more where writing is allowed",
    ],
    safe: [withListener("19180"), withListener("80")],
  },
  {
    code: "risk.production-unprotected",
    risky: withPlan(production(), production(), { protect: false }),
    says: ["protect: a production cluster that one command removes, without a question"],
    safe: [
      input(production(), production()),
      input(stack({ protect: true }), stack()),
      input(null, production()),
    ],
  },
  {
    code: "risk.protection-removed",
    risky: input(stack({ protect: true }), stack()),
    says: ["protect: true → false: the next `./hotspare down` removes the cluster without a question"],
    safe: [input(stack(), stack({ protect: true })), cluster(), input(stack({ protect: true }), null)],
  },
  {
    code: "risk.protected-cluster-removed",
    risky: input(stack({ protect: true }), null),
    says: [': the protected cluster "dev" goes, with all its machines'],
    safe: [
      input(stack(), null),
      // It could not be planned: nobody says that it goes.
      { ...input(stack({ protect: true }), null), change: null },
    ],
  },
  {
    code: "risk.protected-resource",
    risky: cluster(engine({ protected: true })),
    says: [
      "urn:pulumi:dev::hotspare::docker:index/container:Container::lb-1: Container lb-1 is protected and would be replaced",
    ],
    safe: [cluster(engine({})), cluster(engine({ protected: true, kind: "update", order: null }))],
  },
  {
    code: "risk.data-lost",
    risky: cluster(
      volume({ causes: [{ kind: "gone", from: null, properties: [], text: "the program has it no more" }] }),
    ),
    says: [
      "urn:pulumi:dev::hotspare::docker:index/volume:Volume::orders: Volume orders holds data that can't be made again, and is deleted (the program has it no more)",
    ],
    safe: [
      cluster(volume({ retained: true })),
      cluster(volume({ holdsData: false })),
      cluster(volume({ kind: "create" })),
      cluster(volume({ name: "lb-2" })),
      cluster(volume({ name: "lb-2-run" })),
      cluster(volume({ type: "aws:s3/bucket:Bucket", name: "shop-network-bundles" })),
      cluster(volume({ type: "aws:ssm/parameter:Parameter", name: "shop-network-secret-token" })),
    ],
  },
  {
    code: "risk.data-lost",
    risky: cluster(volume({ type: "aws:s3/bucket:Bucket", name: "orders-bundles" })),
    says: [
      "urn:pulumi:dev::hotspare::docker:index/volume:Volume::orders: Bucket orders-bundles holds data that can't be made again, and is deleted (its image changes)",
    ],
    safe: [],
  },
  {
    code: "risk.gap-in-service",
    risky: cluster(engine({})),
    says: [
      "urn:pulumi:dev::hotspare::docker:index/container:Container::lb-1: Container lb-1 is deleted first and made again afterwards: it doesn't serve meanwhile (its image changes)",
    ],
    safe: [
      cluster(engine({ order: "create-first" })),
      cluster(engine({ kind: "delete", order: null })),
      cluster(engine({ name: "warden-1" })),
      cluster(engine({ type: "aws:lb/listener:Listener", name: "shop-web-group-listener" })),
      cluster(engine({ type: "docker:index/volume:Volume" })),
    ],
  },
  {
    code: "risk.admin-port-open",
    risky: cluster(engine({ kind: "create", opens: [{ protocol: "tcp", from: 22, to: 22 }] })),
    says: [
      "urn:pulumi:dev::hotspare::docker:index/container:Container::lb-1: Container lb-1 lets everybody reach 22 (SSH)",
    ],
    safe: [
      cluster(engine({ kind: "create", opens: [{ protocol: "tcp", from: 443, to: 443 }] })),
      cluster(engine({ kind: "create" })),
    ],
  },
  {
    code: "risk.admin-port-open",
    risky: cluster(engine({ kind: "update", opens: [{ protocol: "tcp", from: 9000, to: 9999 }] })),
    says: [
      "urn:pulumi:dev::hotspare::docker:index/container:Container::lb-1: Container lb-1 lets everybody reach 9090 (Prometheus), 9100 (the machine's figures), 9113 (nginx' figures) and 2 more",
    ],
    safe: [],
  },
  {
    code: "risk.pool-renamed",
    risky: input(twoPools(), pools({ app: { active: 2 }, api: { active: 2 } })),
    says: [
      'pools.app: takes the place of "web", whose 2 nodes would go with their addresses still needed: nothing of "web" becomes "app", and the change would stop half-way',
    ],
    safe: [
      input(twoPools(), pools({ app: { active: 2, id: "web" }, api: { active: 2 } })),
      // There and back.
      input(pools({ app: { active: 2, id: "web" }, api: { active: 2 } }), twoPools()),
      // One more, or one less.
      input(twoPools(), pools({ web: { active: 2 }, api: { active: 2 }, app: { active: 2 } })),
      input(pools({ web: { active: 2 }, api: { active: 2 }, app: { active: 2 } }), twoPools()),
      // Another cluster anyway.
      input(twoPools(), pools({ app: { active: 2 }, api: { active: 2 } }, { name: "other" })),
    ],
  },
  {
    // Renamed by its id, beside a pool that really is another.
    code: "risk.pool-renamed",
    risky: input(twoPools(), pools({ site: { active: 2, id: "web" }, app: { active: 1 } })),
    says: [
      'pools.app: takes the place of "api", whose 2 nodes would go with their addresses still needed: nothing of "api" becomes "app", and the change would stop half-way',
    ],
    safe: [],
  },
  {
    code: "risk.address-taken",
    risky: input(twoPools(), pools({ app: { active: 2 }, web: { active: 2 }, api: { active: 2 } })),
    says: ["pools.app: app-1 would be made at 10.77.0.32, where web-1 serves until it goes"],
    safe: [
      input(twoPools(), pools({ web: { active: 2 }, api: { active: 2 }, app: { active: 2 } })),
      // The rule above tells of it.
      input(twoPools(), pools({ app: { active: 2 }, api: { active: 2 } })),
      // Two that change places: their nodes are replaced at addresses of the next generation.
      input(twoPools(), pools({ api: { active: 2 }, web: { active: 2 } })),
    ],
  },
  {
    code: "risk.cluster-renamed",
    risky: input(stack(), stack({ name: "shop" })),
    says: [
      'name: "dev" → "shop": all of it, 2 balancers and 3 nodes, would be removed and made again, and nobody would answer meanwhile',
    ],
    safe: [
      input(stack(), stack({ name: "shop", id: "dev" })),
      input(stack({ name: "shop", id: "dev" }), stack()),
    ],
  },
  {
    code: "risk.cluster-renamed",
    risky: input(stack(), stack({ id: "shop" })),
    says: [
      'id: "dev" → "shop": all of it, 2 balancers and 3 nodes, would be removed and made again, and nobody would answer meanwhile',
    ],
    safe: [],
  },
  {
    code: "risk.stack-renamed",
    risky: { ...input(null, stack()), namesake: { stack: "shop", cluster: "dev" } },
    says: [
      ': it has the cluster of "shop", which is removed: the state stays under the old name, and what stands would be made a second time',
    ],
    safe: [
      input(null, stack()),
      { ...input(stack(), null), namesake: { stack: "shop", cluster: "dev" } },
      // A second cluster, and nothing of the first is in its way.
      { ...input(null, stack()), namesake: { stack: "shop", cluster: "shop" } },
    ],
  },
  ...awsCases,
];

describe.each(cases)("$code", ({ code, risky, says, safe }) => {
  test("is met", () => {
    expect(found(code, risky)).toEqual(says);
  });

  test("is not met close to it", () => {
    for (const close of safe) expect(found(code, close)).toEqual([]);
  });

  test("is silenced by the stack's reason, and stays in the list", () => {
    const reason = "the clients have been moved before";
    const side = risky.after === null ? "before" : "after";
    const document = risky[side];
    const accepted = { ...risky, [side]: document && { ...document, acknowledged: [{ code, reason }] } };
    for (const risk of risksOf(accepted)) expect(risk.acknowledged).toBe(risk.code === code ? reason : null);
    expect(found(code, accepted)).toEqual(says);
  });
});

describe("the rules", () => {
  test("have the codes that a stack may acknowledge, and a case each", () => {
    expect(riskRules.map(({ code }) => code).sort()).toEqual([...riskCodes]);
    expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual([...riskCodes]);
  });

  test("the plan's warnings have the codes that a stack may acknowledge", () => {
    const said = Object.entries(problemExamples).filter(
      ([, example]) => findings(example).kind === "warning",
    );
    expect(said.map(([code]) => code).sort()).toEqual([...warningCodes]);
  });

  test("say nothing of a stack that doesn't change, and the same of every change twice", () => {
    fc.assert(
      fc.property(randomStack, randomStack, (one, other) => {
        const [before, after] = [documentOf(one), documentOf(other)];
        expect(risksOf(between(before, before))).toEqual([]);
        const differs = between(before, after);
        expect(risksOf(differs)).toEqual(risksOf(structuredClone(differs)));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test("are listed with the worst first, each with a way out", () => {
    const risks = risksOf(
      input(
        stack({ protect: true }, { standby: { hot: 1 } }),
        stack({ network: { subnet: "10.78.0.0/22" } }, { active: 1 }),
      ),
    );
    expect(risks.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      "danger risk.capacity-halved",
      "danger risk.last-hot-standby-removed",
      "danger risk.protection-removed",
      "danger risk.subnet-changed",
      "danger risk.virtual-address-changed",
      "warning risk.cover-too-thin",
    ]);
    for (const { hint } of risks) expect(hint.length).toBeGreaterThan(10);
  });

  test("count a group's machines as they count nodes", () => {
    const fewer = { ...awsProduction, pools: { ...awsProduction.pools, web: { active: 1 } } };
    const [before, after] = [documentOf(awsProduction), documentOf(fewer)];
    expect(risksOf(between(before, after)).filter(({ path }) => path.startsWith("pools.web"))).toMatchObject([
      { code: "risk.capacity-halved", message: expect.stringContaining("6 active nodes → 1, 12 → 2 cores") },
      {
        code: "risk.last-hot-standby-removed",
        message: expect.stringContaining("when the only active node"),
      },
      { code: "risk.cover-too-thin", message: expect.stringContaining("100 % before: nobody answers") },
    ]);
    expect(risksOf(between(before, before))).toEqual([]);
  });

  test("a reason with a credential in it is masked", () => {
    const sides = input(stack({ protect: true }), stack());
    const acknowledged = [{ code: "risk.protection-removed", reason: "password=hunter2-and-more is known" }];
    const [risk] = risksOf({ ...sides, after: sides.after && { ...sides.after, acknowledged } });
    expect(risk?.acknowledged).not.toContain("hunter2");
  });
});
