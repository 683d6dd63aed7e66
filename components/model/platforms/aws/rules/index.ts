import { parseSubnet, type Subnet, subnetSize } from "../../../ip.ts";
import { derivedPrefix } from "../../../layout.ts";
import { own } from "../../../own.ts";
import type { Problem } from "../../../problem.ts";
import { nobodyIn } from "../../../rules/nobody.ts";
import type { Rule } from "../../../rules/rule.ts";
import type { AwsSpec, ClusterSpec } from "../../../spec.ts";
import { tlsOf } from "../../../tls.ts";
import { chosenZones, isZoneId, zoneIdPrefix, zonesOf } from "../instances.ts";
import { privatePrefix, usableAddresses } from "../layout.ts";
import { frontRules } from "./front.ts";
import { limitRules } from "./limits.ts";
import { machineRules } from "./machines.ts";
import { paceRules } from "./pace.ts";
import { rightsRules } from "./rights.ts";
import type { AwsRule } from "./rule.ts";
import { unusedRules } from "./unused.ts";

const zonesExist: AwsRule = (_, { region, zones }) => {
  const known = zonesOf(region);
  const path = "platform.zones";
  if (typeof zones === "number") {
    if (known === null) {
      return [
        {
          code: "aws.region-unknown",
          path: "platform.region",
          message: `the kit's table has no zones of ${region}`,
          hint: "name the zones, or correct the region",
        },
      ];
    }
    if (known.length >= zones) return [];
    return [
      {
        code: "aws.zones-too-few",
        path,
        message: `${region} has ${known.length} zones, not ${zones}`,
        hint: `set it to ${known.length}, or choose another region`,
      },
    ];
  }
  if (zones.some(isZoneId) && !zones.every(isZoneId)) {
    return [
      {
        code: "aws.zones-mixed",
        path,
        message:
          "some zones go by name and others by id, and which of them are the same nobody can tell from here",
        hint: "use ids for all, or names for all",
      },
    ];
  }
  return zones.flatMap((zone, index): Problem[] => {
    const at = `${path}[${index}]`;
    if (isZoneId(zone)) {
      // Which there are of them differs from account to account, and is asked before an `up`.
      if (!zone.startsWith(`${zoneIdPrefix(region)}-`)) return [unknownZone(at, zone, region, known ?? [])];
    } else {
      const inRegion = zone.startsWith(region) && zone.length === region.length + 1;
      if (!inRegion || (known !== null && !known.includes(zone)))
        return [unknownZone(at, zone, region, known ?? [])];
    }
    if (zones.indexOf(zone) === index) return [];
    return [
      {
        code: "aws.zone-twice",
        path: at,
        message: `${zone} is named twice`,
        hint: "name another one: the loss of a zone must leave one",
      },
    ];
  });
};

function unknownZone(path: string, zone: string, region: string, known: readonly string[]): Problem {
  return {
    code: "aws.zone-unknown",
    path,
    message: `${region} has no zone ${zone}`,
    hint: known.length === 0 ? "use zones of that region" : `use some of [${known.join(", ")}]`,
  };
}

const adoptedFits: AwsRule = (_, platform) => {
  const { vpc, zones } = platform;
  if (vpc.kind !== "adopted") return [];
  if (typeof zones === "number") {
    return [
      {
        code: "aws.adopted-zones-unnamed",
        path: "platform.zones",
        message: `${zones} zones, and the subnets of an adopted VPC are in certain ones`,
        hint: "name the zones in the order of the subnets",
      },
    ];
  }
  return (["public", "private"] as const).flatMap((kind) =>
    vpc[kind].length === zones.length
      ? []
      : [
          {
            code: "aws.adopted-subnets",
            path: `platform.vpc.${kind}`,
            message: `${vpc[kind].length} subnets for ${zones.length} zones`,
            hint: "give one for each zone, in their order",
          },
        ],
  );
};

const apartFromOthers: AwsRule = (spec, { vpc }) => {
  const own = spec.network.subnet === "auto" ? null : parseSubnet(spec.network.subnet);
  if (vpc.kind !== "own") return [];
  return vpc.apart.flatMap((text, index) => {
    const other = parseSubnet(text);
    const path = `platform.vpc.apart[${index}]`;
    if (other === null) {
      return [
        {
          code: "aws.apart-host-bits",
          path,
          message: `${text} is not the first address of a network`,
          hint: "clear its host bits",
        },
      ];
    }
    if (own === null) {
      return [
        {
          code: "aws.apart-needs-subnet",
          path: "network.subnet",
          message: `"auto" may fall into ${text}, since it is derived from owner and cluster`,
          hint: "choose a network, e.g. 10.77.0.0/22",
        },
      ];
    }
    return overlap(own, other)
      ? [
          {
            code: "aws.networks-overlap",
            path,
            message: `${text} and the cluster's ${spec.network.subnet} overlap, so neither could reach the other`,
            hint: "choose another network.subnet",
          },
        ]
      : [];
  });
};

function overlap(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + subnetSize(b) && b.base < a.base + subnetSize(a);
}

/** Addresses of a private subnet that the platform's own interfaces may take: endpoints, and some in reserve. */
const reservedForOthers = 12;

const subnetsHoldMachines: AwsRule = (spec, platform) => {
  if (platform.vpc.kind !== "own") return [];
  const subnet =
    spec.network.subnet === "auto" ? { base: 0, prefix: derivedPrefix } : parseSubnet(spec.network.subnet);
  if (subnet === null) return [];
  const room = usableAddresses(privatePrefix(subnet.prefix)) - reservedForOthers;
  const needed = mostMachinesAZone(spec, platform);
  if (needed <= room) return [];
  return [
    {
      code: "aws.subnet-too-small",
      path: "network.subnet",
      message: `up to ${needed} machines in each zone while all are replaced at once, and a private subnet of a /${subnet.prefix} has room for ${Math.max(0, room)}`,
      hint: "choose a larger network, fewer machines or more zones",
    },
  ];
};

/** With every group at its largest and each machine there twice, as in a replacement that makes the new ones first. */
function mostMachinesAZone(spec: ClusterSpec, platform: AwsSpec): number {
  const zones = Math.max(1, chosenZones(platform).length);
  const groups = Object.entries(spec.pools).flatMap(([name, pool]) => {
    const options = own(platform.pools, name);
    const waiting = pool.standby.cold + (options?.warm?.count ?? 0);
    const active = (options?.scaling?.max ?? pool.active) * 2 + waiting;
    return [
      Math.ceil(active / (options?.placement === "cluster" ? 1 : zones)),
      Math.ceil((pool.standby.hot * 2) / zones),
    ];
  });
  return groups.reduce((sum, count) => sum + count, Math.ceil((spec.balancer.count * 2) / zones));
}

const noWayOut: AwsRule = (_, { vpc, image }) =>
  vpc.kind === "own" && vpc.nat === "none" && image.kind === "debian"
    ? [
        {
          code: "aws.no-way-out",
          path: "platform.vpc.nat",
          message: `"none" leaves Debian's package servers out of reach, and its image has neither nginx nor Node in it`,
          hint: 'use "one" or "per-zone", or an image of yours with the packages: platform.image',
        },
      ]
    : [];

const clientsAreNetworks: AwsRule = (_, { clients }) =>
  clients.flatMap((text, index) => {
    const path = `platform.clients[${index}]`;
    const network = parseSubnet(text);
    if (network !== null) return nobodyIn(network, text, path);
    return [
      {
        code: "aws.clients-host-bits",
        path,
        message: `${text} is not the first address of a network`,
        hint: "clear its host bits, or use /32 for a single address",
      },
    ];
  });

const checkpointsRise: AwsRule = (_, { refresh }) => {
  const { checkpoints } = refresh;
  const rising = checkpoints.every(
    (percent, index) => index === 0 || percent > (checkpoints[index - 1] ?? 0),
  );
  // Where the last one isn't 100 the rest of the group would never be replaced.
  return rising && checkpoints.at(-1) === 100
    ? []
    : [
        {
          code: "aws.checkpoints-order",
          path: "platform.refresh.checkpoints",
          message: `[${checkpoints.join(", ")}] doesn't rise to 100`,
          hint: "order them, each once, the last one 100, e.g. [20, 50, 100]",
        },
      ];
};

const certificateHere: AwsRule = ({ balancer }, { region }) => {
  const certificate = tlsOf(balancer)?.certificate;
  if (certificate?.kind !== "acm") return [];
  const [, , , where] = certificate.arn.split(":");
  return where === region
    ? []
    : [
        {
          code: "aws.certificate-region",
          path: "balancer.listen.tls.certificate.arn",
          message: `the certificate is in ${where}, and a load balancer in ${region} can only use one from there`,
          hint: `request it in ${region}`,
        },
      ];
};

/** Elsewhere the virtual address is always in it. */
const certificateNamed: AwsRule = ({ balancer }) => {
  const certificate = tlsOf(balancer)?.certificate;
  return certificate?.kind === "self-signed" && certificate.names.length === 0
    ? [
        {
          code: "aws.certificate-nameless",
          path: "balancer.listen.tls.certificate.names",
          message: "there is none, and on AWS no address is known that could stand in the certificate",
          hint: "name what clients call the cluster by",
        },
      ]
    : [];
};

const onAws =
  (rule: AwsRule): Rule =>
  (spec) => {
    const { platform } = spec;
    return platform.kind === "aws" ? rule(spec, platform) : [];
  };

export const awsRules: readonly Rule[] = [
  zonesExist,
  adoptedFits,
  apartFromOthers,
  subnetsHoldMachines,
  noWayOut,
  clientsAreNetworks,
  checkpointsRise,
  certificateHere,
  ...limitRules,
  ...frontRules,
  certificateNamed,
  ...machineRules,
  ...rightsRules,
  ...paceRules,
  ...unusedRules,
].map(onAws);
