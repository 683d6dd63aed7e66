import { describe, expect, test } from "vitest";
import { opensOf } from "../../../../components/review/engine/opens.ts";
import { reviewEngine } from "../../../../components/review/engine/review.ts";

const group = "aws:ec2/securityGroup:SecurityGroup";
const container = "docker:index/container:Container";
const rule = (options: object = {}) => ({
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrBlocks: ["0.0.0.0/0"],
  ...options,
});
const ingress = (...rules: object[]) => ({ ingress: rules });
const tcp = (from: number, to = from) => ({ protocol: "tcp", from, to });

describe("what a resource opens to everybody", () => {
  test.each([
    ["a group's rule", group, ingress(rule()), [tcp(22)]],
    ["a rule for IPv6", group, ingress(rule({ cidrBlocks: [], ipv6CidrBlocks: ["::/0"] })), [tcp(22)]],
    ["half the world", group, ingress(rule({ cidrBlocks: ["10.0.0.0/8", "128.0.0.0/1"] })), [tcp(22)]],
    ["a range", group, ingress(rule({ toPort: 80 })), [tcp(22, 80)]],
    ["a protocol by number", group, ingress(rule({ protocol: "6" })), [tcp(22)]],
    [
      "every protocol",
      group,
      ingress(rule({ protocol: "-1", fromPort: 0, toPort: 0 })),
      [tcp(0, 65_535), { protocol: "udp", from: 0, to: 65_535 }],
    ],
    [
      "two rules, sorted and once",
      group,
      ingress(rule({ fromPort: 80, toPort: 80 }), rule(), rule()),
      [tcp(22), tcp(80)],
    ],
    [
      "a private network",
      group,
      ingress(rule({ cidrBlocks: ["10.0.0.0/8"], ipv6CidrBlocks: ["fd00::/16"] })),
      [],
    ],
    ["another group", group, ingress(rule({ cidrBlocks: undefined, securityGroups: ["sg-1"] })), []],
    ["a way out", group, { egress: [rule()] }, []],
    ["ping", group, ingress(rule({ protocol: "icmp", fromPort: 8, toPort: 0 })), []],
    [
      "a rule of its own",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      rule({ type: "ingress" }),
      [tcp(22)],
    ],
    [
      "a rule of its own for the way out",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      rule({ type: "egress" }),
      [],
    ],
    [
      "an ingress rule",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      { ipProtocol: "tcp", fromPort: 3389, toPort: 3389, cidrIpv4: "0.0.0.0/0" },
      [tcp(3389)],
    ],
    ["a port of a container", container, { ports: [{ internal: 9180, external: 19_180 }] }, [tcp(9180)]],
    ["one of the host alone", container, { ports: [{ internal: 80, external: 8080, ip: "127.0.0.1" }] }, []],
    ["nothing known", group, { ingress: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, []],
    ["another type", "aws:s3/bucket:Bucket", ingress(rule()), []],
  ] as const)("%s", (_, type, inputs, opened) => {
    expect(opensOf(type, null, inputs)).toEqual(opened);
  });

  test("is only what was not open before", () => {
    const [open, wide] = [ingress(rule()), ingress(rule({ fromPort: 0, toPort: 65_535 }))];
    expect(opensOf(group, open, open)).toEqual([]);
    expect(opensOf(group, wide, open)).toEqual([]);
    expect(opensOf(group, open, wide)).toEqual([tcp(0, 65_535)]);
    expect(opensOf(group, open, null)).toEqual([]);
  });

  test("is told of a step in the engine's events", () => {
    const urn = `urn:pulumi:dev::hotspare::${group}::lb`;
    const state = {
      type: group,
      urn,
      custom: true,
      id: "",
      parent: "",
      inputs: ingress(rule()),
      outputs: {},
    };
    const metadata = { op: "create", urn, type: group, old: null, new: state, detailedDiff: null };
    const { steps } = reviewEngine({
      events: [{ sequence: 1, timestamp: 1, resourcePreEvent: { metadata } }],
      state: null,
    });
    expect(steps.map(({ name, opens }) => ({ name, opens }))).toEqual([{ name: "lb", opens: [tcp(22)] }]);
  });
});
