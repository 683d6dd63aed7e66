import type { BalancerService, NodeService } from "../../../components/plan/groups/types.ts";
import type { ClusterPlan, GroupPlan } from "../../../components/plan/types.ts";
import { awsPlan } from "./stacks.ts";

/** A group of nodes with its plan. */
export interface NodeGroup {
  readonly plan: ClusterPlan;
  readonly group: GroupPlan;
  readonly service: NodeService;
}

/** The group of a stack's pool `web`. */
function nodeGroup(pool: object, platform: object = {}): NodeGroup {
  const plan = awsPlan(platform, { pools: { web: { active: 2, ...pool } } });
  const group = plan.groups.find(({ key }) => key === "web");
  if (group?.service.kind !== "node") throw new Error("the stack has no pool web");
  return { plan, group, service: group.service };
}

/** What runs on the machines of a pool. */
export const serviceOf = (pool: object): NodeService => nodeGroup(pool).service;

/** A cluster whose balancers follow two pools, one of them with hot standbys. */
export const followedPlan = () =>
  awsPlan(
    {},
    {
      pools: {
        web: {
          active: 2,
          standby: { hot: 1 },
          port: 8081,
          health: { interval: "500 ms", timeout: "400 ms" },
        },
        api: { active: 1 },
      },
      routes: [
        { path: "/", pool: "web" },
        { path: "/api", pool: "api" },
      ],
    },
  );

/** Nodes that run the kit's sample, on a port that needs a right. */
export const sampleNode = () => nodeGroup({ port: 80 });

/** Nodes that run a container, with values that are hard to write down, and a secret. */
export const containerNode = () =>
  nodeGroup({
    image: { kind: "reference", reference: "registry.example.com/acme/api:1.4.2" },
    port: 9000,
    health: { path: "/up/deep" },
    stopGrace: "2500 ms",
    environment: {
      QUOTED: 'say "hi" \\ `date` $HOME ',
      LINES: "one\ntwo",
      PASSWORD: { secret: "database" },
    },
  });

/** Nodes whose containers have credentials, and whose image is where one signs in: with a password, or at ECR. */
export const privateNode = (registry: "password" | "ecr") =>
  nodeGroup(
    {
      image: {
        kind: "reference",
        reference: `${registry === "ecr" ? "123456789012.dkr.ecr.eu-west-1.amazonaws.com" : "registry.example.com"}/acme/api:1.4.2`,
      },
    },
    {
      pools: {
        web: {
          policies: [appPolicy],
          ...(registry === "ecr"
            ? {}
            : {
                registry: {
                  server: "registry.example.com",
                  username: "puller",
                  password: { secret: "registry" },
                },
              }),
        },
      },
    },
  );

/** A policy that somebody has written for an application. */
export const appPolicy = "arn:aws:iam::123456789012:policy/shop/orders-table";

/** Balancers that show this certificate; without TLS for null. */
export function balancers(certificate: object | null): {
  readonly plan: ClusterPlan;
  readonly group: GroupPlan;
  readonly service: BalancerService;
} {
  const tls = certificate === null ? null : { certificate };
  const plan = awsPlan({}, { balancer: { kind: "nginx", listen: { tls } } });
  const group = plan.groups.find(({ role }) => role === "balancer");
  if (group?.service.kind !== "balancer") throw new Error("the plan has no balancers");
  return { plan, group, service: group.service };
}

export const givenCertificate = {
  kind: "given",
  certificate: { secret: "tls-certificate" },
  key: { secret: "tls-key" },
};
