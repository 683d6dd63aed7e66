import type { MachinePart } from "../machine/files.ts";
import {
  confined,
  logFile,
  logFolder,
  mostOfMachine,
  needs,
  restarted,
  seconds,
  serviceUnit,
  servingWeight,
  withoutMetadata,
} from "../machine/unit.ts";
import {
  controlSocket,
  currentFolder,
  desiredFolder,
  desiredSocket,
  membersFile,
  runFolder,
  stateFolder,
  withoutArguments,
} from "../paths.ts";

/** Unit of nginx on a machine with a system of its own. */
export const nginxUnit = "hotspare-nginx.service";

/** nginx opens it again at its rotation; there is no standard output that its workers could open by a name. */
export const accessLog = `${logFolder}/access.log`;

/**
 * nginx with its configuration, on a machine that nobody delivers files to: what is desired is there when it boots, and a program
 * beside it writes the document of members.
 *
 * @param configuration nginx.conf
 * @param needed units that come first: whoever writes the members, then what else has to be there
 * @param drain how long requests under way may take when it is stopped, in milliseconds
 * @param modules packages of nginx's modules that this configuration needs beside Lua's
 */
export function nginxPart(
  configuration: string,
  needed: readonly string[],
  drain: number,
  modules: readonly string[],
): MachinePart {
  return {
    packages: [...modules, "libnginx-mod-http-lua", "lua-cjson", "nginx"],
    // It would have the ports before ours comes.
    masked: ["nginx.service"],
    units: [nginxUnit],
    files: {
      [`${currentFolder}/nginx.conf`]: configuration,
      ...Object.fromEntries([unit(needed, drain)]),
    },
    folders: [
      // As in the balancers' image: nginx makes its control sockets open to all, so their folders are closed to others.
      `d ${runFolder} 0750 root www-data`,
      // Who writes the members is in nginx's group here, and there is no warden.
      `d ${desiredFolder} 0750 root www-data`,
      `d ${stateFolder}/state 0770 root www-data`,
    ],
    logs: { appended: [logFile(nginxUnit)], reopened: { file: accessLog, unit: nginxUnit } },
  };
}

function unit(needed: readonly string[], drain: number): [path: string, text: string] {
  return serviceUnit(nginxUnit, "nginx in front of the nodes", needed.flatMap(needs), [
    // A new machine's first document comes from beside it; later there always is one.
    `ExecStartPre=/bin/sh -c "until [ -s ${membersFile} ]; do sleep 0.2; done"`,
    // A killed one leaves its socket behind, and the next can't listen on it.
    `ExecStartPre=/bin/rm -f ${controlSocket} ${desiredSocket}`,
    `ExecStart=/bin/bash -c 'exec /usr/sbin/nginx -c ${currentFolder}/nginx.conf -g "daemon off;" 2> >(exec sed -u -E -f ${withoutArguments})'`,
    "TimeoutStartSec=300",
    ...restarted,
    servingWeight,
    // Requests under way are finished; the workers get no signal of their own.
    "KillSignal=SIGQUIT",
    "KillMode=mixed",
    // systemd reads 0 as "for ever".
    `TimeoutStopSec=${Math.max(1, seconds(drain))}`,
    "LimitNOFILE=65536",
    ...confined,
    ...mostOfMachine,
    // Its documents of members, sockets, temporary files and logs. Debian's nginx opens a log of its own before it reads ours.
    `ReadWritePaths=${stateFolder}/state ${runFolder} ${desiredFolder} ${logFolder} /var/lib/nginx -/var/log/nginx`,
    withoutMetadata,
    // To listen, to become the workers' account, and to open logs that are theirs.
    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL",
  ]);
}
