import type { ClusterPlan } from "../../types.ts";
import { awsPlanOf } from "./part.ts";
import type { AwsPlan } from "./types.ts";

/*
 * AWS Foundational Security Best Practices (FSBP, v1.0.0), the standard of Security Hub: those controls that look at kinds of things that a
 * cluster consists of. Numbers, titles and what each asks are written from memory of the standard; only ELB.21 was held against AWS's own
 * page. Judged by the plan, without an account. What a control asks of the account as a whole (EBS encryption by default, GuardDuty,
 * CloudTrail …) is no stack's.
 */

export interface Control {
  readonly id: string;
  readonly title: string;
  /** `other`: it looks at something that isn't the stack's, or only AWS can tell. */
  readonly verdict: "passes" | "fails" | "other";
  /** What makes it so; of one that fails also what speaks against it, or which option mends it. */
  readonly why: string;
}

type Judged = Pick<Control, "verdict" | "why">;
type Judge = (aws: AwsPlan, plan: ClusterPlan) => Judged;

const passes = (why: string): Judged => ({ verdict: "passes", why });
const fails = (why: string): Judged => ({ verdict: "fails", why });
const other = (why: string): Judged => ({ verdict: "other", why });
const always = (why: string) => (): Judged => passes(why);

/** Ports that EC2.19 calls high risk. */
const riskyPorts = new Set([
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080,
  8088, 8888, 9200, 9300,
]);
const everybody = (aws: AwsPlan) => aws.clients.includes("0.0.0.0/0");
const isTls = ({ protocol }: AwsPlan["front"]["listeners"][number]) => protocol === "TLS";

const controls: readonly (readonly [id: string, title: string, judge: Judge])[] = [
  [
    "AutoScaling.1",
    "Auto Scaling groups associated with a load balancer should use ELB health checks",
    always("every group is replaced by the load balancer's checks"),
  ],
  [
    "AutoScaling.2",
    "Amazon EC2 Auto Scaling group should cover multiple Availability Zones",
    (_, { groups }) => {
      const single = groups.filter(({ zones }) => zones.length < 2).map(({ key }) => key);
      return single.length === 0
        ? passes("every group is in all zones")
        : fails(
            `${single.join(", ")}: \`placement: "cluster"\` keeps machines close together, which is in one zone`,
          );
    },
  ],
  [
    "AutoScaling.6",
    "Auto Scaling groups should use multiple instance types in multiple Availability Zones",
    (_, { groups }) => {
      const single = groups.filter(({ machine }) => machine.others.length === 0).map(({ key }) => key);
      return single.length === 0
        ? passes("every group may have several types")
        : fails(
            `${single.join(", ")}: one type each. AWS refuses a warm pool beside several types, and machines of one kind keep a pool's load even; where AWS runs out of it, a standby that waits or \`spot.types\` helps`,
          );
    },
  ],
  [
    "AutoScaling.9",
    "Amazon EC2 Auto Scaling groups should use Amazon EC2 launch templates",
    always("they do"),
  ],
  [
    "EC2.2",
    "VPC default security groups should not allow inbound or outbound traffic",
    ({ vpc }) => (vpc.kind === "own" ? passes("it is emptied") : other("the VPC is another's")),
  ],
  [
    "EC2.3",
    "Attached Amazon EBS volumes should be encrypted at-rest",
    always("every disk is, by the launch template"),
  ],
  [
    "EC2.4",
    "Stopped EC2 instances should be removed after a specified time period",
    (_, { groups }) => {
      const waiting = groups.filter(({ waiting: pool }) => pool?.state === "stopped").map(({ key }) => key);
      return waiting.length === 0
        ? passes("no machine waits stopped")
        : fails(
            `${waiting.join(", ")}: cold standbys wait stopped for longer than the 30 days; \`hot\` ones run`,
          );
    },
  ],
  [
    "EC2.6",
    "VPC flow logging should be enabled in all VPCs",
    ({ vpc }) => {
      if (vpc.kind === "adopted") return other("the VPC is another's");
      return vpc.flowLogs > 0
        ? passes(`kept ${vpc.flowLogs} days`)
        : fails("set platform.vpc.flowLogs; off by default since they cost by the volume");
    },
  ],
  [
    "EC2.8",
    "EC2 instances should use Instance Metadata Service Version 2 (IMDSv2)",
    always("version 2 alone, one hop far"),
  ],
  [
    "EC2.9",
    "Amazon EC2 instances should not have a public IPv4 address",
    always("they stand in private subnets"),
  ],
  [
    "EC2.10",
    "Amazon EC2 should be configured to use VPC endpoints that are created for the Amazon EC2 service",
    (aws) => endpoint(aws, "ec2"),
  ],
  [
    "EC2.15",
    "Amazon EC2 subnets should not automatically assign public IP addresses",
    ({ vpc }) => (vpc.kind === "own" ? passes("none does") : other("the subnets are another's")),
  ],
  ["EC2.17", "Amazon EC2 instances should not use multiple ENIs", always("one each")],
  [
    "EC2.18",
    "Security groups should only allow unrestricted incoming traffic for authorized ports",
    (aws) => {
      const odd = aws.front.listeners.map(({ port }) => port).filter((port) => port !== 80 && port !== 443);
      if (!everybody(aws) || odd.length === 0)
        return passes("of the whole internet at most 80 and 443 may be asked");
      return fails(
        `port ${odd.join(", ")} is open to everybody, since platform.clients says so; name the networks`,
      );
    },
  ],
  [
    "EC2.19",
    "Security groups should not allow unrestricted access to ports with high risk",
    (aws) => {
      const risky = aws.front.listeners.map(({ port }) => port).filter((port) => riskyPorts.has(port));
      return !everybody(aws) || risky.length === 0
        ? passes("no such port is open to everybody; there is no SSH")
        : fails(
            `port ${risky.join(", ")} is one of them; choose another, or name the networks in platform.clients`,
          );
    },
  ],
  [
    "EC2.21",
    "Network ACLs should not allow ingress from 0.0.0.0/0 to port 22 or port 3389",
    ({ vpc }) =>
      vpc.kind === "adopted"
        ? other("the VPC is another's")
        : fails(
            "the VPC's default list allows all, as AWS makes it. No security group lets anybody to these ports and nothing listens there; a second list of addresses would have to follow every option of the stack",
          ),
  ],
  [
    "EC2.25",
    "Amazon EC2 launch templates should not assign public IPs to network interfaces",
    always("none does"),
  ],
  [
    "EC2.57",
    "VPCs should be configured with an interface endpoint for Systems Manager",
    (aws) => endpoint(aws, "ssm"),
  ],
  [
    "EC2.170",
    "EC2 launch templates should use Instance Metadata Service Version 2 (IMDSv2)",
    always("version 2 alone"),
  ],
  [
    "ELB.6",
    "Application, Gateway, and Network Load Balancers should have deletion protection enabled",
    (_, { protect }) =>
      protect ? passes("by `protect`") : fails("set `protect: true`, as production has to"),
  ],
  [
    "ELB.13",
    "Application, Network and Gateway Load Balancers should span multiple Availability Zones",
    ({ vpc }) => passes(`${vpc.zones.length} zones`),
  ],
  [
    "ELB.17",
    "Application and Network Load Balancers with listeners should use recommended security policies",
    ({ front }) =>
      front.listeners.some(isTls)
        ? passes("TLS 1.2 and 1.3 alone")
        : other("no listener ends TLS; nginx takes TLS 1.2 and 1.3 alone"),
  ],
  [
    "ELB.18",
    "Application and Network Load Balancer listeners should use secure protocols to encrypt data in transit",
    ({ front }, { tier }) =>
      front.listeners.every(isTls)
        ? passes("all end TLS")
        : fails(
            tier.tls === null
              ? "the cluster has no TLS: balancer.listen.tls"
              : "port 80 leads to nginx, which sends browsers on to TLS; a certificate on nginx is passed on as TCP, encrypted from the client to the balancer, which AWS can't see. The listeners of checks let in nobody",
          ),
  ],
  [
    "ELB.21",
    "Application and Network Load Balancer target groups should use encrypted health check protocols",
    () =>
      fails(
        "balancers are asked at a port of their own that says nothing but whether they are well, and nodes by a connection; with `live` and TLS at the node by HTTPS. A certificate there, which no Network Load Balancer checks, would protect nothing",
      ),
  ],
  [
    "ELB.22",
    "ELB target groups should use encrypted transport protocols",
    ({ front }) =>
      fails(
        front.listeners.some(isTls)
          ? "TLS ends at the load balancer, and goes on in clear inside the VPC's private subnets; a certificate on nginx (`given`) is encrypted up to there"
          : "TLS of clients is passed on untouched, which AWS calls TCP; TLS on the load balancer's side would have to end there first",
      ),
  ],
  [
    "IAM.21",
    "IAM customer managed policies that you create should not allow wildcard actions for services",
    always("roles have inline policies of single calls; `plan --policy` prints no wildcard either"),
  ],
  [
    "S3.2",
    "S3 general purpose buckets should block public read access",
    always("all public access is blocked"),
  ],
  [
    "S3.3",
    "S3 general purpose buckets should block public write access",
    always("all public access is blocked"),
  ],
  [
    "S3.5",
    "S3 general purpose buckets should require requests to use SSL",
    always("the bucket's policy denies others"),
  ],
  ["S3.8", "S3 general purpose buckets should block public access", always("all public access is blocked")],
  [
    "S3.9",
    "S3 general purpose buckets should have server access logging enabled",
    () =>
      fails(
        "the bucket holds bundles, which are made of the repository and have no secret; who reads them is in CloudTrail where data events are on. Logs would need a second bucket, which fails the same control",
      ),
  ],
  [
    "S3.12",
    "ACLs should not be used to manage user access to S3 general purpose buckets",
    always("there are none"),
  ],
  [
    "S3.13",
    "S3 general purpose buckets should have Lifecycle configurations",
    () =>
      fails(
        "a bundle is needed as long as any machine may start from it or a change may turn back to it, which no number of days knows; each has 0.6 MB, and `down` removes them all",
      ),
  ],
  [
    "SNS.4",
    "SNS topic access policies should not allow public access",
    always("the topic has AWS's own policy: its account"),
  ],
  [
    "SSM.1",
    "Amazon EC2 instances should be managed by AWS Systems Manager",
    () => other("each machine has the agent and the rights; whether it has registered only AWS can tell"),
  ],
];

/** Services are reached by NAT; endpoints are made where there is none, and cost more than the NAT for a few machines. */
function endpoint({ vpc }: AwsPlan, service: string): Judged {
  if (vpc.kind === "adopted") return other("the VPC is another's");
  return vpc.endpoints.includes(service)
    ? passes("the VPC has one")
    : fails(
        'the way is by NAT, encrypted and signed; `nat: "none"` makes endpoints for all services that machines call',
      );
}

/** Every control that concerns a cluster, in the order of their names. */
export function controlsOf(plan: ClusterPlan): Control[] {
  const aws = awsPlanOf(plan);
  return controls.map(([id, title, judge]) => ({ id, title, ...judge(aws, plan) }));
}
