import { parseSubnet } from "../../ip.ts";
import { directorsHealthPort } from "../../layout.ts";
import { platformTraits } from "../../platforms/select.ts";
import type { Problem } from "../../problem.ts";
import { nobodyIn } from "../../rules/nobody.ts";
import type { Rule } from "../../rules/rule.ts";
import type { ClusterSpec, NginxSpec } from "../../spec.ts";
import { formatSize } from "../../units.ts";
import { nodesSpokenTo } from "./node-rules.ts";

/** A rule about a stack with this tier. */
type NginxRule = (balancer: NginxSpec, spec: ClusterSpec) => Problem[];

/** Ports that balancers use themselves: on the loopback interface, and between each other. */
const ownPorts = [9180, 9182];

function reserved(port: number, { platform, directors }: ClusterSpec): boolean {
  return (
    ownPorts.includes(port) ||
    (directors !== null && port === directorsHealthPort) ||
    platformTraits(platform.kind).reservedPorts.some(({ from, to }) => from <= port && port <= to)
  );
}

const portsDiffer: NginxRule = (balancer, spec) => {
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
    if (value === undefined || !reserved(value, spec)) continue;
    problems.push({
      code: "balancer.port-reserved",
      path,
      message: `${value} is where a balancer tells of itself`,
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

/** What an nginx worker and its Lua state take, plus keepalived; below it the kernel kills one of them under load. */
const memoryPerWorker = 32 * 1024 ** 2;

const memoryHoldsWorkers: NginxRule = (balancer) => {
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

const proxiesAreNetworks: NginxRule = (balancer) =>
  balancer.trustedProxies.flatMap((text, index) => {
    const path = `balancer.trustedProxies[${index}]`;
    const network = parseSubnet(text);
    if (network === null) {
      return [
        {
          code: "balancer.proxy-host-bits",
          path,
          message: `${text} is not the first address of a network`,
          hint: "clear its host bits, or use /32 for a single address",
        },
      ];
    }
    return nobodyIn(network, text, path);
  });

const certificateThere: NginxRule = ({ listen }, { platform }) => {
  const kind = listen.tls?.certificate.kind;
  const { certificates } = platformTraits(platform.kind);
  return kind === undefined || certificates.includes(kind)
    ? []
    : [
        {
          code: "balancer.acm-off-aws",
          path: "balancer.listen.tls.certificate.kind",
          message: `"${kind}" is AWS's own, and the platform is ${platform.kind}`,
          hint: `use ${certificates.map((known) => JSON.stringify(known)).join(" or ")}`,
        },
      ];
};

const onNginx =
  (rule: NginxRule): Rule =>
  (spec) =>
    spec.balancer.kind === "nginx" ? rule(spec.balancer, spec) : [];

export const nginxRules: readonly Rule[] = [
  portsDiffer,
  memoryHoldsWorkers,
  proxiesAreNetworks,
  certificateThere,
  nodesSpokenTo,
].map(onNginx);
