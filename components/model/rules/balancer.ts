import { parseSubnet } from "../ip.ts";
import { balancerHealthPort, firstCheckPort } from "../platforms/aws/layout.ts";
import type { PlatformKind } from "../spec.ts";
import { formatDuration, formatSize } from "../units.ts";
import type { Rule } from "./rule.ts";

/** Port that the balancer image uses on the loopback interface. */
const controlPort = 9180;

function reserved(port: number, platform: PlatformKind): boolean {
  return (
    port === controlPort || (platform === "aws" && (port === balancerHealthPort || port >= firstCheckPort))
  );
}

const portsDiffer: Rule = ({ balancer, platform }) => {
  if (balancer.kind !== "nginx") return [];
  const { http, tls } = balancer.listen;
  const problems = [];
  if (tls !== null && tls.port === http) {
    problems.push({
      code: "balancer.port-collision",
      path: "balancer.listen.tls.port",
      message: `${tls.port} is also the plain HTTP port`,
      hint: "give one of them another port",
    });
  }
  for (const [path, value] of [
    ["balancer.listen.http", http],
    ["balancer.listen.tls.port", tls?.port],
  ] as const) {
    if (value === undefined || !reserved(value, platform.kind)) continue;
    problems.push({
      code: "balancer.port-reserved",
      path,
      message: `${value} is where a balancer's own status is read`,
      hint: "choose another port",
    });
  }
  if (tls !== null && balancer.door.http !== "auto" && balancer.door.http === balancer.door.tls) {
    problems.push({
      code: "balancer.port-collision",
      path: "balancer.door.tls",
      message: `${balancer.door.tls} is also the door's plain HTTP port`,
      hint: 'give one of them another port, or "auto"',
    });
  }
  return problems;
};

const preemptNeedsPeer: Rule = ({ balancer }) =>
  balancer.kind === "nginx" && balancer.count === 1 && balancer.failover.preempt
    ? [
        {
          code: "balancer.preempt-without-peer",
          path: "balancer.failover.preempt",
          message: "there is 1 balancer, so there is nobody to take the address back from",
          hint: "remove it, or set balancer.count to 2",
        },
      ]
    : [];

/** What an nginx worker and its Lua state take, plus keepalived; below it the kernel kills one of them under load. */
const memoryPerWorker = 32 * 1024 ** 2;

const memoryHoldsWorkers: Rule = ({ balancer }) => {
  if (balancer.kind !== "nginx") return [];
  const workers = Math.ceil(balancer.cpus);
  const needed = (workers + 1) * memoryPerWorker;
  return balancer.memory >= needed
    ? []
    : [
        {
          code: "balancer.memory-too-small",
          path: "balancer.memory",
          message: `${formatSize(balancer.memory)} for ${workers} nginx workers and keepalived, which need ${formatSize(needed)}`,
          hint: "raise it, or lower balancer.cpus",
        },
      ];
};

const sensibleAdvert: Rule = ({ balancer, environment }) =>
  environment === "production" && balancer.failover.advertise < 50
    ? [
        {
          code: "balancer.advert-too-fast",
          path: "balancer.failover.advertise",
          message: `adverts every ${formatDuration(balancer.failover.advertise)} move the address when a scheduler pauses for ${formatDuration(balancer.failover.advertise * 3)}`,
          hint: 'use "100 ms" or more in production',
        },
      ]
    : [];

const proxiesAreNetworks: Rule = ({ balancer }) =>
  balancer.kind === "nginx"
    ? balancer.trustedProxies.flatMap((text, index) =>
        parseSubnet(text) !== null
          ? []
          : [
              {
                code: "balancer.proxy-host-bits",
                path: `balancer.trustedProxies[${index}]`,
                message: `${text} is not the first address of a network`,
                hint: "clear its host bits, or use /32 for a single address",
              },
            ],
      )
    : [];

export const balancerRules: readonly Rule[] = [
  portsDiffer,
  preemptNeedsPeer,
  memoryHoldsWorkers,
  proxiesAreNetworks,
  sensibleAdvert,
];
