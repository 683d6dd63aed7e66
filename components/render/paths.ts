/*
 * Where things are on a balancer. infra/runtime/balancer (Dockerfile, scripts) has the same paths; a test compares them.
 */

/** The volume with all that has to outlive the container. */
export const stateFolder = "/var/lib/hotspare";
/** Where files are delivered to; the machine's `hotspare-apply` tests and takes them. */
export const incomingFolder = `${stateFolder}/incoming`;
/** A balancer's own program that tests what is in that folder and uses it. */
export const applyProgram = "hotspare-apply";
/** The tested files that run; `nginx.conf` names those beside it relatively, so that a candidate can be tested elsewhere. */
export const currentFolder = `${stateFolder}/current`;
/** Desired members; nginx itself may replace this one. */
export const membersFile = `${stateFolder}/state/members.json`;
/** Where nginx keeps what doesn't fit in its memory; Debian's nginx has it built in. */
export const temporaryFolder = "/var/lib/nginx";
/** Sockets and small files of the running processes; shared with the balancer's warden. */
export const runFolder = "/run/hotspare";
/** What nginx is told besides while its balancer gives the address away, see `hotspare-apply`; a pattern, mostly of no file. */
export const leavingFiles = `${runFolder}/leaving*.conf`;
/** Where a balancer tells of itself and takes its warden's overlay; its folder is shared with the warden and closed to others. */
export const controlSocket = `${runFolder}/control.sock`;
/** The folder of the socket below: root's alone, and shared with nobody. */
export const desiredFolder = "/run/hotspare-desired";
/** Where a balancer takes what is desired: members, lease, what an operator says. */
export const desiredSocket = `${desiredFolder}/control.sock`;
/** Lua code in the image. */
export const luaFolder = "/usr/lib/hotspare/lua";
/** Program that keepalived calls when its state changes. */
export const notifyProgram = "/usr/bin/hotspare-notify";
/** Port on the balancer's loopback address where it tells of itself (read only). */
export const controlPort = 9180;
/** Port where a balancer tells its peers what it has learned. */
export const peerPort = 9182;
/** What the balancers' scripts share; `infra/runtime/balancer/lib`. */
export const balancerLibrary = "/usr/lib/hotspare/common.sh";
/** For sed: takes the arguments of URLs out of what nginx says. */
export const withoutArguments = "/usr/lib/hotspare/without-arguments.sed";
/** The program that asks who is in the groups of an engine that keeps machines, made of `infra/runtime/follower`; and what it is told. */
export const followerProgram = "/usr/lib/hotspare/follower.mjs";
export const followerConfig = "/etc/hotspare/follower.json";
/** The warden of a server, made of `infra/runtime/warden`; and what it is told. */
export const wardenProgram = "/usr/lib/hotspare/warden.mjs";
/** The program that switches cold standbys beside a warden, made of `infra/power/switch`; its accounts, and its socket. */
export const switchProgram = "/usr/lib/hotspare/switch.mjs";
export const switchConfig = "/etc/hotspare/power.json";
export const switchSocket = "/run/hotspare-power/control.sock";
/** What only that program and its warden know, root's alone; made once a boot. */
export const switchPassword = "/run/hotspare-power.password";
export const wardenConfig = "/etc/hotspare/warden.json";
