import { type MachineFiles, machineFiles } from "../machine/files.ts";
import {
  confined,
  logFile,
  logFolder,
  mostOfMachine,
  restarted,
  serviceUnit,
  servingWeight,
  withoutMetadata,
} from "../machine/unit.ts";
import { brotliModule } from "../nginx/answers.ts";
import { balancerLibrary, desiredFolder, runFolder, stateFolder, temporaryFolder } from "../paths.ts";
import { file } from "../text.ts";

/** Unit of nginx and keepalived: one, since the program that runs both takes the address away when one of them fails. */
export const balancerUnit = "hotspare-balancer.service";

/**
 * All that makes a server a balancer, but for its programs and what is delivered to it later: the same for every plan but for what moves
 * the address. It waits for its first files, as the container does.
 *
 * @param mover files of the program that moves the address; none where ARP does
 */
export function renderBalancer(mover: Readonly<Record<string, string>> = {}): MachineFiles {
  const moves = Object.keys(mover).length > 0;
  const unit = serviceUnit(
    balancerUnit,
    "Balancer: nginx in front of the nodes, keepalived for the virtual address",
    ["After=network-online.target", "Wants=network-online.target"],
    [
      "ExecStart=/usr/bin/hotspare-balancer",
      // The virtual address, which whoever was killed could not take away itself: two would answer for it. And its copy on the loopback
      // card, which ends requests under way while the address moves; its firewall.
      `ExecStopPost=/bin/bash -c '. ${balancerLibrary}; virtual_addresses | while read -r address card; do ip address delete "$address" dev lo; ip address delete "$address" dev "$card"; done; nft delete table ip hotspare; true'`,
      ...restarted,
      servingWeight,
      // Its own program ends nginx and keepalived in the right order.
      "KillMode=mixed",
      "TimeoutStopSec=15",
      "LimitNOFILE=65536",
      ...confined.filter((line) => !/^(RestrictAddressFamilies|ProtectHome)=/.test(line)),
      // A stack's own program has its account with a provider somewhere: in root's home, or from the provider's metadata.
      `ProtectHome=${moves ? "read-only" : "yes"}`,
      // With gratuitous ARP, which is a packet and no connection.
      "RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX",
      `ReadWritePaths=${stateFolder} ${runFolder} ${desiredFolder} ${logFolder} ${temporaryFolder} -/var/log/nginx -/run/keepalived`,
      ...mostOfMachine,
      ...(moves ? [] : [withoutMetadata]),
      // As in the container (components/platform/docker/balancer.ts); and logs that are not root's alone are opened by root.
      "CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_KILL CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_NET_RAW CAP_SETGID CAP_SETUID",
    ],
  );
  const serving = {
    packages: [
      "curl",
      "iproute2",
      "keepalived",
      brotliModule,
      "libnginx-mod-http-lua",
      "libnginx-mod-stream",
      "lua-cjson",
      "luajit",
      "nftables",
      "nginx",
      "openssl",
      "procps",
    ],
    masked: [],
    units: [balancerUnit],
    files: {
      ...Object.fromEntries([unit]),
      ...mover,
      // Else a machine would answer ARP for the address that it holds on its loopback card alone.
      "/etc/sysctl.d/60-hotspare.conf": file([
        "net.ipv4.conf.all.arp_ignore = 1",
        "net.ipv4.conf.all.arp_announce = 2",
      ]),
    },
    folders: [
      `d ${runFolder} 0750 root www-data`,
      `d ${desiredFolder} 0700 root root`,
      `d ${stateFolder} 0755 root root`,
      `d ${stateFolder}/incoming 0700 root root`,
      `d ${stateFolder}/generations 0700 root root`,
      `d ${stateFolder}/state 0770 root www-data`,
    ],
    logs: { appended: [logFile(balancerUnit)], reopened: null },
  };
  return machineFiles(
    serving,
    { packages: [], masked: [], units: [], files: {}, folders: [], logs: { appended: [], reopened: null } },
    "-balancer",
  );
}
