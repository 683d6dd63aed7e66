import { restartPause } from "../../plan/aws/timers.ts";
import type { NodeService } from "../../plan/group-types.ts";
import { file } from "../text.ts";

/** Unit that runs a node's service. */
export const nodeUnit = "hotspare-node.service";
/** Unit that tells the group how the machine is. */
export const lifecycleUnit = "hotspare-lifecycle.service";
const environmentUnit = "hotspare-environment.service";

export const machineEnvironment = "/etc/hotspare/machine.env";
export const nodeEnvironment = "/etc/hotspare/node.env";
export const secretList = "/etc/hotspare/secrets";
/** In memory: it has the secrets' values. */
const secretEnvironment = "/run/hotspare/node.env";

export const sampleProgram = "/srv/server.mjs";
const container = "hotspare-node";

/** Where a machine asks for what it is, its credentials among it. */
const metadataAddress = "169.254.169.254";

/** How a node's service runs. */
interface Runner {
  /** Debian package that it needs. */
  readonly package: string;
  /** Units that come first, if they are wanted at all. */
  readonly after: readonly string[];
  /** Lines of the unit's section `Service`. */
  readonly lines: readonly string[];
}

/** @throws Error for an image that no machine could get; the model's rules let none through */
export function runnerOf(service: NodeService): Runner {
  const { image } = service;
  switch (image.kind) {
    case "sample":
      return { package: "nodejs", after: [], lines: sampleService(service) };
    case "reference":
      return {
        package: "docker.io",
        after: ["docker.service"],
        lines: containerService(service, image.reference),
      };
    case "build":
      throw new Error(`the image of ${image.context} is on another machine's Docker Engine`);
    default:
      return image satisfies never;
  }
}

/** Units of a node, by their name. */
export function renderNodeUnits(service: NodeService): Readonly<Record<string, string>> {
  const { after, lines } = runnerOf(service);
  return {
    [environmentUnit]: environment(),
    [lifecycleUnit]: lifecycle(),
    [nodeUnit]: unit(
      "The node's service",
      [
        `Requires=${environmentUnit}`,
        `After=${environmentUnit}`,
        ...after.flatMap((name) => [`Wants=${name}`, `After=${name}`]),
      ],
      [
        `EnvironmentFile=${nodeEnvironment}`,
        `EnvironmentFile=${secretEnvironment}`,
        "Restart=always",
        `RestartSec=${restartPause / 1000}`,
        ...lines,
      ],
    ),
  };
}

/**
 * A container with a network of its own and the service's port on the machine. From there the metadata, and so the machine's
 * credentials, are one hop too far (the launch template allows one).
 */
function containerService(service: NodeService, reference: string): string[] {
  const names = ["HOTSPARE_NODE", ...Object.keys(service.environment)].sort();
  const options = [
    `--name ${container}`,
    `--publish ${service.port}:${service.port}`,
    "--cap-drop ALL",
    "--security-opt no-new-privileges",
    // By Docker's own environment: its files know no quotes and no newlines.
    ...names.map((name) => `--env ${variable(name)}`),
  ];
  const grace = seconds(service.stopGrace);
  return [
    `ExecStartPre=-/usr/bin/docker rm --force ${container}`,
    `ExecStart=/usr/bin/docker run --rm ${options.join(" ")} ${reference}`,
    `ExecStop=/usr/bin/docker stop --time ${grace} ${container}`,
    `TimeoutStopSec=${grace + 5}`,
  ];
}

function sampleService(service: NodeService): string[] {
  return [
    `ExecStart=/usr/bin/node ${sampleProgram}`,
    // An account for this run alone, that owns nothing.
    "DynamicUser=yes",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateDevices=yes",
    ...(service.port < 1024
      ? ["AmbientCapabilities=CAP_NET_BIND_SERVICE", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE"]
      : ["CapabilityBoundingSet="]),
    // A request forged through the service must not get the machine's credentials.
    `IPAddressDeny=${metadataAddress}`,
    // systemd reads 0 as "for ever".
    `TimeoutStopSec=${Math.max(1, seconds(service.stopGrace))}`,
  ];
}

/**
 * Apart from the service, which must not reach the metadata. Once a boot: a service that is started again must not hang on
 * whether AWS answers just then.
 */
function environment(): string {
  return unit(
    "Name and secrets of the node's service",
    ["After=network-online.target", "Wants=network-online.target"],
    [
      "Type=oneshot",
      "RemainAfterExit=yes",
      "RuntimeDirectory=hotspare",
      "RuntimeDirectoryMode=0700",
      `EnvironmentFile=${machineEnvironment}`,
      `ExecStart=/usr/bin/hotspare-environment ${secretList} ${secretEnvironment}`,
    ],
    false,
  );
}

function lifecycle(): string {
  return unit(
    "Tells the Auto Scaling group when this machine is ready, and when it may go",
    ["After=network-online.target", "Wants=network-online.target"],
    [
      `EnvironmentFile=${machineEnvironment}`,
      "ExecStart=/usr/bin/hotspare-lifecycle",
      "Restart=always",
      `RestartSec=${restartPause / 1000}`,
    ],
  );
}

/** A unit that starts with every boot, or, when `wanted` is false, with those that require it. */
function unit(
  description: string,
  head: readonly string[],
  service: readonly string[],
  wanted = true,
): string {
  const install = wanted ? ["", "[Install]", "WantedBy=multi-user.target"] : [];
  return file(["[Unit]", `Description=${description}`, ...head, "", "[Service]", ...service, ...install]);
}

/**
 * An environment file as systemd reads it; variables sorted.
 *
 * @throws Error for a value that systemd would leave out: one with control characters beyond tabs and newlines
 */
export function environmentFile(values: Readonly<Record<string, string>>): string {
  const lines = Object.keys(values)
    .sort()
    // Inside double quotes systemd takes a backslash before these four, and newlines as they are.
    .map(
      (name) =>
        `${variable(name)}="${environmentValue(name, values[name] ?? "").replace(/[\\"$`]/g, "\\$&")}"\n`,
    );
  return lines.join("");
}

function environmentValue(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(value))
    throw new Error(`the value of ${name} has a control character, which systemd doesn't take`);
  return value;
}

function variable(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new Error(`${JSON.stringify(name)} can't be a variable of a service`);
  return name;
}

/** systemd and Docker both take whole seconds here. */
const seconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
