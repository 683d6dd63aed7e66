/*
 * Where things are on a balancer. infra/runtime/balancer (Dockerfile, scripts) has the same paths; a test compares them.
 */

/** The tested files that run; `nginx.conf` names those beside it relatively, so that a candidate can be tested elsewhere. */
export const currentFolder = "/var/lib/hotspare/current";
/** Desired members; nginx itself may replace this one. */
export const membersFile = "/var/lib/hotspare/state/members.json";
/** Files of the running processes. */
export const runFolder = "/run/hotspare";
/** Lua code in the image. */
export const luaFolder = "/usr/lib/hotspare/lua";
/** Program that keepalived calls when its state changes. */
export const notifyProgram = "/usr/bin/hotspare-notify";
/** Port on the balancer's loopback address where it tells of itself (read only). */
export const controlPort = 9180;
