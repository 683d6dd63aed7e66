import { renderFirewall } from "../firewall/index.ts";
import type { MachinePart } from "../machine/files.ts";
import { confined, logFile, modest, serviceUnit, withoutMetadata } from "../machine/unit.ts";
import { clientRules } from "../nginx/files.ts";
import { nginxUnit } from "../nginx/machine.ts";
import type { NginxPlan } from "../nginx/plan.ts";
import { currentFolder } from "../paths.ts";

/** About 320 bytes of memory each, at most. */
const remembered = [
  "net.netfilter.nf_conntrack_max=262144",
  "net.netfilter.nf_conntrack_tcp_timeout_time_wait=10",
];

const firewallUnit = "hotspare-firewall.service";

/**
 * What the kernel asks of a balancer machine's clients: their number of connections. The load balancer keeps their addresses (its
 * target groups are made so), of connections whose TLS it ends too; it doesn't count them itself. Nobody speaks VRRP here, and who reaches
 * which port is for security groups to say.
 */
export function firewallPart(plan: NginxPlan): MachinePart {
  const rules = clientRules(plan);
  if (rules.connectionsPerAddress === null)
    return {
      packages: [],
      masked: [],
      units: [],
      files: {},
      folders: [],
      logs: { appended: [], reopened: null },
    };
  const path = `${currentFolder}/firewall.nft`;
  const owner = `the balancers of cluster ${plan.cluster}`;
  return {
    packages: ["nftables"],
    masked: [],
    units: [firewallUnit],
    files: {
      [path]: renderFirewall({ owner, peers: null, peerPorts: [], alone: true, ...rules }),
      ...Object.fromEntries([unit(path)]),
    },
    folders: [],
    logs: { appended: [logFile(firewallUnit)], reopened: null },
  };
}

/** nginx comes after it and not only if it works: a balancer that serves unprotected is better than none. */
function unit(path: string): [path: string, text: string] {
  return serviceUnit(
    firewallUnit,
    "Limits how many connections one client may have",
    [`Before=${nginxUnit}`],
    [
      "Type=oneshot",
      "RemainAfterExit=yes",
      "Restart=on-failure",
      "RestartSec=10",
      `ExecStart=/usr/sbin/nft --file ${path}`,
      // What the kernel remembers of clients, who may be many and short: room for them, and 10 s instead of 120 after their end. Outside
      // of the walls, which keep the unit from the kernel's settings; a kernel that has none of it serves all the same.
      `ExecStartPost=-+/usr/sbin/sysctl --quiet --write ${remembered.join(" ")}`,
      "ExecStop=/usr/sbin/nft delete table ip hotspare",
      ...confined,
      ...modest,
      withoutMetadata,
      "CapabilityBoundingSet=CAP_NET_ADMIN",
    ],
  );
}
