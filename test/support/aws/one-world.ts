import { xmlAnswer, xmlError } from "./answers.ts";
import { zones } from "./facts.ts";
import type { Aws, Responder } from "./moto.ts";
import { groupType } from "./provider/fleet.ts";
import { describedGroups, fleetAnswer } from "./provider/fleet-api.ts";
import type { AwsStandIn } from "./provider/provider.ts";
import type { Thing, World } from "./provider/world.ts";

/*
 * Joins what the engine makes (in the stand-in's world) with what the commands ask (by the API): the calls about groups and load
 * balancers are answered from the world. Groups fill at once; the load balancer's name is this machine's.
 */

const frontType = "aws:lb/loadBalancer:LoadBalancer";

export function joinWorld(aws: Aws, { world, fleet }: Pick<AwsStandIn, "world" | "fleet">): void {
  const things = (token: string) => world.things.filter((thing) => thing.token === token);

  aws.answer("DescribeAutoScalingGroups", ({ body }) => describedGroups(world.things, body, groupXml));
  for (const action of ["StartInstanceRefresh", "CancelInstanceRefresh", "DescribeInstanceRefreshes"])
    aws.answer(action, ({ body }) => fleetAnswer(fleet, body));
  aws.answer("DescribeWarmPool", ({ body }) => {
    const name = new URLSearchParams(body).get("AutoScalingGroupName");
    const group = things(groupType).find(({ inputs }) => inputs.name === name);
    const { minSize = 0 } = (group?.inputs.warmPool ?? {}) as { minSize?: number };
    return xmlAnswer(
      "DescribeWarmPool",
      `<Instances>${instances(group, minSize, "Warmed:Stopped", "b")}</Instances>`,
    );
  });
  aws.answer("DescribeLoadBalancers", () => {
    const [front] = things(frontType);
    return front === undefined
      ? noFront
      : xmlAnswer("DescribeLoadBalancers", frontXml(front, things("aws:ec2/subnet:Subnet")));
  });
  aws.answer("DescribeLoadBalancerAttributes", () => {
    const [front] = things(frontType);
    const value = front?.inputs.enableDeletionProtection === true;
    return xmlAnswer(
      "DescribeLoadBalancerAttributes",
      `<Attributes><member><Key>deletion_protection.enabled</Key><Value>${value}</Value></member></Attributes>`,
    );
  });
  aws.answer("ModifyLoadBalancerAttributes", changeProtection(world));
}

function changeProtection(world: World): Responder {
  return ({ body }) => {
    const asked = new URLSearchParams(body);
    const front = world.things.find(({ outputs }) => outputs.arn === asked.get("LoadBalancerArn"));
    if (front === undefined) return noFront;
    const enableDeletionProtection = asked.get("Attributes.member.1.Value") === "true";
    const inputs = { ...front.inputs, enableDeletionProtection };
    world.update(front, inputs, { ...front.outputs, enableDeletionProtection }, []);
    return xmlAnswer("ModifyLoadBalancerAttributes", "<Attributes/>");
  };
}

const noFront = xmlError(400, "LoadBalancerNotFound", "none");

function groupXml(group: Thing): string {
  const { minSize, maxSize, desiredCapacity, warmPool } = group.inputs;
  const pool =
    warmPool === undefined
      ? ""
      : "<WarmPoolConfiguration><PoolState>Stopped</PoolState></WarmPoolConfiguration>";
  return `<MinSize>${minSize}</MinSize><MaxSize>${maxSize}</MaxSize><DesiredCapacity>${desiredCapacity}</DesiredCapacity>${pool}<Instances>${instances(group, Number(desiredCapacity), "InService", "a")}</Instances>`;
}

function instances(group: Thing | undefined, number: number, lifecycle: string, mark: string): string {
  const name = String(group?.inputs.name);
  return Array.from({ length: number }, (_, index) => {
    const id = `i-${mark}${name.length.toString(16).padStart(3, "0")}${index}`;
    return `<member><InstanceId>${id}</InstanceId><AvailabilityZone>${zones[0]}</AvailabilityZone><LifecycleState>${lifecycle}</LifecycleState><HealthStatus>Healthy</HealthStatus></member>`;
  }).join("");
}

function frontXml({ inputs, outputs }: Thing, subnets: readonly Thing[]): string {
  const inZones = subnets
    .filter((subnet) => (inputs.subnets as readonly unknown[]).includes(subnet.outputs.id))
    .map((subnet) => `<member><ZoneName>${subnet.inputs.availabilityZone}</ZoneName></member>`);
  return `<LoadBalancers><member><LoadBalancerArn>${outputs.arn}</LoadBalancerArn><DNSName>127.0.0.1</DNSName><AvailabilityZones>${inZones.join("")}</AvailabilityZones><State><Code>active</Code></State></member></LoadBalancers>`;
}
