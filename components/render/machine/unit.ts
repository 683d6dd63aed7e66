import { restartPause } from "../../plan/machines/timers.ts";
import { file } from "../text.ts";

/** Where services write what they say, a file each: agents that send logs on read files and not systemd's journal. */
export const logFolder = "/var/log/hotspare";

/**
 * Path and text of a service's unit; it logs to a file of its name.
 *
 * @param wanted whether it starts with every boot, or only with those that require it
 */
export function serviceUnit(
  name: string,
  description: string,
  head: readonly string[],
  service: readonly string[],
  wanted = true,
): [path: string, text: string] {
  const install = wanted ? ["", "[Install]", "WantedBy=multi-user.target"] : [];
  const lines = [
    "[Unit]",
    `Description=${description}`,
    ...head,
    // systemd gives up what failed five times in 10 s, and nobody is there to begin again.
    ...(service.some((line) => line.startsWith("Restart=")) ? ["StartLimitIntervalSec=0"] : []),
    "",
    "[Service]",
    ...service,
    // Standard error goes to the same place.
    `StandardOutput=append:${logFile(name)}`,
    ...install,
  ];
  return [`/etc/systemd/system/${name}`, file(lines)];
}

/** The log of a service. */
export function logFile(unit: string): string {
  return `${logFolder}/${unit.replace(/^hotspare-/, "").replace(/\.service$/, "")}.log`;
}

/** Needs the network, and waits until it is there. */
export const afterNetwork: readonly string[] = ["After=network-online.target", "Wants=network-online.target"];

/**
 * What no service of ours needs, whoever it runs as; systemd.exec(5). The file system is for reading but for what a unit names by
 * `ReadWritePaths`, and system calls are those of ordinary services. Memory that is written and run stays possible: nginx's regular
 * expressions, Lua and Node compile.
 */
export const confined: readonly string[] = [
  "NoNewPrivileges=yes",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelLogs=yes",
  "ProtectControlGroups=yes",
  "ProtectClock=yes",
  "ProtectHostname=yes",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "LockPersonality=yes",
  // The kernel is asked for the cards' addresses by netlink.
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX",
  "SystemCallArchitectures=native",
  // V8 keeps what it compiles behind memory protection keys.
  "SystemCallFilter=@system-service @pkey",
  // A call that is new to the list fails, as on an older kernel, which programs know how to bear; by default it would end them.
  "SystemCallErrorNumber=EPERM",
];

/**
 * What no program of ours takes more of, but for what serves: those say what they may have. Without a bound one that leaks
 * ends the others of its machine first.
 */
export const modest: readonly string[] = ["MemoryMax=268435456", "TasksMax=256"];

/** Of what serves: most of its machine, so that the system and what people get onto it by outlive it. A worker for each core, and those of before a reload. */
export const mostOfMachine: readonly string[] = ["MemoryMax=85%", "TasksMax=4096"];

/**
 * Of what all requests go through: sixteen times the part of the processor that a service has by itself (100), where there is not enough
 * for all. It computes little, and everybody waits for it.
 */
export const servingWeight = "CPUWeight=1600";

/** Is started again whenever it ends. */
export const restarted: readonly string[] = ["Restart=always", `RestartSec=${restartPause / 1000}`];

/**
 * Path and text of the unit of what has to be made with every boot before a service can start, and can't be until others answer. It
 * is tried until it works: nobody is there to begin again.
 *
 * @param environment file with what the command is told
 * @param written folders that it writes to; they are there before it starts
 */
export function preparation(
  name: string,
  description: string,
  environment: string,
  command: string,
  written: readonly string[],
): [path: string, text: string] {
  return serviceUnit(
    name,
    description,
    afterNetwork,
    [
      "Type=oneshot",
      "RemainAfterExit=yes",
      `EnvironmentFile=${environment}`,
      `ExecStart=${command}`,
      "Restart=on-failure",
      `RestartSec=${restartPause / 1000}`,
      ...confined,
      ...modest,
      `ReadWritePaths=${written.join(" ")}`,
      // Root's own files are all that it reads and writes.
      "CapabilityBoundingSet=",
    ],
    false,
  );
}

/**
 * Lines of a unit that needs another one, such as a preparation. Not `Requires`: where that fails, systemd never starts the unit
 * again.
 */
export const needs = (unit: string): string[] => [`Wants=${unit}`, `After=${unit}`];

/**
 * Where a machine of a cloud asks for what it is, its credentials among it: a request forged through a service must not get those.
 * The whole network, since others of its services are there too (RFC 3927). A container's network is one hop too far (the launch
 * template allows one).
 */
export const withoutMetadata = "IPAddressDeny=169.254.0.0/16";

/** systemd and Docker both take whole seconds. */
export const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
