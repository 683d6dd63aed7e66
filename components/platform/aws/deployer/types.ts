/** The policies that a deployer gets: one document would be longer than AWS takes. */
export const parts = ["network", "machines", "services"] as const;
export type Part = (typeof parts)[number];

/** Resources of EC2 that bear tags; known by those, since their ids can't be foreseen. */
export type Tagged =
  | "vpc"
  | "subnet"
  | "internet-gateway"
  | "route-table"
  | "elastic-ip"
  | "natgateway"
  | "security-group"
  | "security-group-rule"
  | "vpc-endpoint"
  | "vpc-flow-log"
  | "placement-group"
  | "launch-template";

/** Resources whose ARN says the name. */
export type Named =
  | "auto-scaling-group"
  | "load-balancer"
  | "target-group"
  | "listener"
  | "role"
  | "instance-profile"
  | "bucket"
  | "object"
  | "parameter"
  | "log-group"
  | "alarm"
  | "dashboard"
  | "topic"
  | "hosted-zone"
  | "dns-change";

/** What Pulumi's provider asks of AWS for the resources of one type. */
export type Calls = {
  readonly part: Part;
  /** Calls that know no narrower right than the whole region. */
  readonly look: readonly string[];
} & (
  | {
      readonly kind: "tagged";
      readonly thing: Tagged;
      /** Calls that make one, with its tags. */
      readonly make: readonly string[];
      /** What those calls name besides. */
      readonly beside: readonly Tagged[];
      /** Calls that change, connect and delete it. */
      readonly keep: readonly string[];
    }
  | {
      readonly kind: "named";
      readonly thing: Named;
      /** All calls about one: make, read, change, delete. */
      readonly all: readonly string[];
      /** Calls that make one and are rights on what it belongs to. */
      readonly on?: { readonly thing: Named; readonly calls: readonly string[] };
    }
);

export type TaggedCalls = Extract<Calls, { kind: "tagged" }>;
export type NamedCalls = Extract<Calls, { kind: "named" }>;

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | "*";
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}
