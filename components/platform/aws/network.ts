import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { isZoneId } from "../../model/platforms/aws/instances.ts";
import { clusterNames } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { OwnVpcPlan } from "../../plan/platforms/aws/types.ts";
import type { Place } from "../contract.ts";
import type { AwsTransforms } from "./access.ts";
import { createFlowLogs } from "./flow-logs.ts";
import { createProfiles } from "./identity.ts";
import { createTopic } from "./monitoring.ts";
import { type AwsNetwork, Children, dependenciesOf, tags } from "./parts.ts";
import { createSecurityGroups } from "./security.ts";
import { createBucket, createSecrets } from "./stores.ts";

/** Network and all that the cluster's machines share: the VPC or an adopted one, security groups, rights, secrets, bundles. */
export function createNetwork(name: string, place: Place, transform: AwsTransforms): AwsNetwork {
  const plan = awsPlanOf(place.plan);
  const children = new Children();
  const vpc =
    plan.vpc.kind === "own"
      ? new VpcBuilder(name, place, plan.vpc, children).create(transform)
      : {
          id: plan.vpc.id,
          publicSubnets: new Map(plan.vpc.zones.map((zone) => [zone.name, zone.public])),
          privateSubnets: new Map(plan.vpc.zones.map((zone) => [zone.name, zone.private])),
          wayOut: [],
        };
  const { front, machines } = createSecurityGroups(name, place, vpc.id, children);
  const bucket = createBucket(name, place, children);
  const secrets = createSecrets(name, place, children);
  const { profiles, rights } = createProfiles(name, place, children);
  if (plan.vpc.kind === "own") createEndpoints(name, place, plan.vpc, vpc, children);
  const topic = createTopic(name, place, children);
  return {
    id: children.resources.vpc instanceof aws.ec2.Vpc ? children.resources.vpc.id : front.vpcId,
    resources: children.resources,
    vpc: vpc.id,
    publicSubnets: vpc.publicSubnets,
    privateSubnets: vpc.privateSubnets,
    frontGroup: front,
    machineGroups: machines,
    profiles,
    bucket,
    topic,
    ready: [...vpc.wayOut, ...secrets, ...rights],
  };
}

interface VpcMade {
  readonly id: pulumi.Input<string>;
  readonly publicSubnets: ReadonlyMap<string, pulumi.Input<string>>;
  readonly privateSubnets: ReadonlyMap<string, pulumi.Input<string>>;
  /** Route tables of the private subnets. */
  readonly privateTables?: readonly aws.ec2.RouteTable[];
  /** What must be there before a machine can reach anything. */
  readonly wayOut: readonly pulumi.Resource[];
}

type Zone = OwnVpcPlan["zones"][number];

/** Makes a VPC of the cluster's own. */
class VpcBuilder {
  private readonly name: string;
  private readonly place: Place;
  private readonly plan: OwnVpcPlan;
  private readonly children: Children;

  constructor(name: string, place: Place, plan: OwnVpcPlan, children: Children) {
    this.name = name;
    this.place = place;
    this.plan = plan;
    this.children = children;
  }

  create(transform: AwsTransforms): VpcMade {
    const args = {
      cidrBlock: this.plan.range,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: tags(this.place, this.place.plan.network.name),
    };
    const vpc = this.add("vpc", new aws.ec2.Vpc(this.name, transform.vpc?.(args) ?? args, this.options()));
    this.closeDefaultGroup(vpc);
    createFlowLogs(this.name, this.place, vpc.id, this.plan.flowLogs, this.children);
    const gateway = this.make("gateway", (name, options) => {
      return new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags: this.tags("gateway") }, options);
    });
    const publicTable = this.table("public", vpc.id);
    const toInternet = this.route("public", publicTable, { gatewayId: gateway.id });
    const publicSubnets = this.subnets("public", vpc.id, () => publicTable);
    const tables = new Map(
      this.plan.zones.map((zone) => [zone.name, this.table(`private-${zone.name}`, vpc.id)]),
    );
    const privateSubnets = this.subnets("private", vpc.id, (zone) => tables.get(zone.name) ?? publicTable);
    const natRoutes = this.natGateways(publicSubnets, tables, gateway);
    return {
      id: vpc.id,
      publicSubnets: idsOf(publicSubnets),
      privateSubnets: idsOf(privateSubnets),
      privateTables: [...tables.values()],
      wayOut: [toInternet, ...natRoutes],
    };
  }

  /** Every VPC has a group that lets its members talk to each other; without rules nothing that lands in it can talk. */
  private closeDefaultGroup(vpc: aws.ec2.Vpc): void {
    this.make("default-group", (name, options) => {
      return new aws.ec2.DefaultSecurityGroup(
        name,
        { vpcId: vpc.id, ingress: [], egress: [], tags: this.tags("default-unused") },
        options,
      );
    });
  }

  private subnets(
    kind: "public" | "private",
    vpcId: pulumi.Input<string>,
    tableOf: (zone: Zone) => aws.ec2.RouteTable,
  ): Map<string, aws.ec2.Subnet> {
    return new Map(
      this.plan.zones.map((zone) => {
        const key = `${kind}-${zone.name}`;
        const subnet = this.make(key, (name, options) => {
          const args = {
            vpcId,
            ...(isZoneId(zone.name) ? { availabilityZoneId: zone.name } : { availabilityZone: zone.name }),
            cidrBlock: zone[kind],
            // Nobody gets a public address by merely being there: the load balancer asks for its own.
            mapPublicIpOnLaunch: false,
            tags: this.tags(key),
          };
          return new aws.ec2.Subnet(name, args, options);
        });
        this.make(`${key}-table`, (name, options) => {
          const args = { subnetId: subnet.id, routeTableId: tableOf(zone).id };
          return new aws.ec2.RouteTableAssociation(name, args, options);
        });
        return [zone.name, subnet];
      }),
    );
  }

  /** Routes of the private subnets by the gateway of their zone, or by the first zone's. */
  private natGateways(
    publicSubnets: ReadonlyMap<string, aws.ec2.Subnet>,
    tables: ReadonlyMap<string, aws.ec2.RouteTable>,
    internet: aws.ec2.InternetGateway,
  ): aws.ec2.Route[] {
    const { zones, nat } = this.plan;
    const made = new Map<string, aws.ec2.NatGateway>();
    const placed = nat === "none" ? [] : nat === "one" ? zones.slice(0, 1) : zones;
    for (const zone of placed) {
      const subnet = publicSubnets.get(zone.name);
      if (subnet === undefined) continue;
      const address = this.make(`nat-address-${zone.name}`, (name, options) => {
        return new aws.ec2.Eip(name, { domain: "vpc", tags: this.tags(`nat-${zone.name}`) }, options);
      });
      const nat = this.make(`nat-${zone.name}`, (name, options) => {
        const args = { subnetId: subnet.id, allocationId: address.id, tags: this.tags(`nat-${zone.name}`) };
        // It can't be made before the VPC has a way out.
        return new aws.ec2.NatGateway(name, args, {
          ...options,
          dependsOn: [...dependenciesOf(options), internet],
        });
      });
      made.set(zone.name, nat);
    }
    const [first] = made.values();
    return [...tables].flatMap(([zone, table]) => {
      const gateway = made.get(zone) ?? first;
      return gateway === undefined
        ? []
        : [this.route(`private-${zone}`, table, { natGatewayId: gateway.id })];
    });
  }

  private table(key: string, vpcId: pulumi.Input<string>): aws.ec2.RouteTable {
    return this.make(`${key}-routes`, (name, options) => {
      return new aws.ec2.RouteTable(name, { vpcId, tags: this.tags(key) }, options);
    });
  }

  private route(
    key: string,
    table: aws.ec2.RouteTable,
    by: { gatewayId: pulumi.Input<string> } | { natGatewayId: pulumi.Input<string> },
  ): aws.ec2.Route {
    return this.make(`${key}-out`, (name, options) => {
      return new aws.ec2.Route(
        name,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...by },
        options,
      );
    });
  }

  private options(): pulumi.CustomResourceOptions {
    return this.place.options;
  }

  private tags(key: string): Record<string, string> {
    return tags(this.place, `${this.place.plan.network.name}-${key}`);
  }

  private add<T extends pulumi.Resource>(key: string, resource: T): T {
    return this.children.add(key, resource);
  }

  private make<T extends pulumi.Resource>(
    key: string,
    create: (name: string, options: pulumi.CustomResourceOptions) => T,
  ): T {
    return this.add(key, create(`${this.name}-${key}`, this.options()));
  }
}

const idsOf = (subnets: ReadonlyMap<string, aws.ec2.Subnet>) =>
  new Map([...subnets].map(([zone, { id }]) => [zone, id]));

/** The way to AWS's own services inside the VPC. S3's is a route; the others are network cards, which cost by the hour. */
function createEndpoints(
  name: string,
  place: Place,
  plan: OwnVpcPlan,
  vpc: VpcMade,
  children: Children,
): void {
  const { region } = awsPlanOf(place.plan);
  const { dashboard } = clusterNames(place.plan);
  const endpointGroup = children.resources["endpoints-group"];
  for (const service of plan.endpoints) {
    const isRoute = service === "s3";
    const way = isRoute
      ? { vpcEndpointType: "Gateway", routeTableIds: vpc.privateTables?.map(({ id }) => id) ?? [] }
      : {
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: [...vpc.privateSubnets.values()],
          securityGroupIds: endpointGroup instanceof aws.ec2.SecurityGroup ? [endpointGroup.id] : [],
        };
    const args = {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.${service}`,
      ...way,
      tags: tags(place, `${dashboard}-${service}`),
    };
    children.add(
      `endpoint-${service}`,
      new aws.ec2.VpcEndpoint(`${name}-endpoint-${service}`, args, place.options),
    );
  }
}
