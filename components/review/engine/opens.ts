import { isObject, type Values } from "./events.ts";
import type { OpenPorts } from "./types.ts";

/*
 * Which ports a resource lets everybody reach, read from its inputs: what the risks of a change need to know and no diff tells,
 * since a resource that is new has none.
 */

const everyPort = { from: 0, to: 65_535 };

type Reader = (inputs: Values) => OpenPorts[];

/** By type token. The names of the fields are the providers' own. */
const readers: Readonly<Record<string, Reader>> = {
  "aws:ec2/securityGroup:SecurityGroup": rulesOf,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": rulesOf,
  "aws:ec2/securityGroupRule:SecurityGroupRule": (inputs) => (inputs.type === "ingress" ? rule(inputs) : []),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({
    cidrIpv4,
    cidrIpv6,
    ipProtocol,
    ...ports
  }) => rule({ ...ports, protocol: ipProtocol, cidrBlocks: [cidrIpv4], ipv6CidrBlocks: [cidrIpv6] }),
  "docker:index/container:Container": ({ ports }) => objects(ports).flatMap(published),
};

/** Ports that everybody may reach with the new inputs, and could not with the old ones. */
export function opensOf(type: string, before: Values | null, after: Values | null): OpenPorts[] {
  const read = readers[type];
  if (read === undefined || after === null) return [];
  const known = before === null ? [] : read(before);
  const opened = read(after).filter((ports) => !known.some((old) => covers(old, ports)));
  const distinct = new Map(opened.map((ports) => [`${ports.from}-${ports.to}/${ports.protocol}`, ports]));
  return [...distinct.values()].sort(
    (a, b) => a.from - b.from || a.to - b.to || (a.protocol < b.protocol ? -1 : 1),
  );
}

function covers(wide: OpenPorts, narrow: OpenPorts): boolean {
  return wide.protocol === narrow.protocol && wide.from <= narrow.from && wide.to >= narrow.to;
}

function rulesOf({ ingress }: Values): OpenPorts[] {
  return objects(ingress).flatMap(rule);
}

/** A rule of a security group; protocol `-1` means all, and 6 and 17 are the numbers of TCP and UDP (IANA). */
function rule({ protocol, fromPort, toPort, cidrBlocks, ipv6CidrBlocks }: Values): OpenPorts[] {
  if (![...list(cidrBlocks), ...list(ipv6CidrBlocks)].some(isEveryone)) return [];
  const name = String(protocol).toLowerCase();
  if (name === "-1" || name === "all")
    return ["tcp", "udp"].map((each) => ({ protocol: each, ...everyPort }));
  const known = { "6": "tcp", tcp: "tcp", "17": "udp", udp: "udp" }[name];
  if (known === undefined) return [];
  const [from, to] = [fromPort, toPort].map(Number);
  return Number.isInteger(from) && Number.isInteger(to)
    ? [{ protocol: known, from: from ?? 0, to: to ?? 0 }]
    : [{ protocol: known, ...everyPort }];
}

/** Docker publishes on all addresses of its host unless told otherwise. What counts is the port inside: it says what answers. */
function published({ internal, ip, protocol }: Values): OpenPorts[] {
  const everywhere = ip === undefined || ip === "" || ip === "0.0.0.0" || ip === "::";
  const port = Number(internal);
  if (!everywhere || !Number.isInteger(port)) return [];
  return [{ protocol: protocol === "udp" ? "udp" : "tcp", from: port, to: port }];
}

/** Whether a network holds strangers: larger than a /8, the largest private one, or than a /16 of IPv6. */
function isEveryone(cidr: unknown): boolean {
  const [, address = "", length = ""] = /^([\d.]+|[\da-fA-F:]+)\/(\d+)$/.exec(String(cidr)) ?? [];
  return address !== "" && Number(length) < (address.includes(":") ? 16 : 8);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objects(value: unknown): readonly Values[] {
  return list(value).filter(isObject);
}
