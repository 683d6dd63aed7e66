import type { NodeService } from "../../plan/group-types.ts";
import { preparation, prepared, secretList } from "../aws/machine.ts";
import { runFolder } from "../paths.ts";
import { variable } from "./environment-file.ts";
import { restarted, seconds, serviceUnit } from "./unit.ts";

/** Unit that runs a node's service. */
export const nodeUnit = "hotspare-node.service";
export const environmentUnit = "hotspare-environment.service";

export const nodeEnvironment = "/etc/hotspare/node.env";
/** In memory: it has the secrets' values. */
const secretEnvironment = `${runFolder}/node.env`;

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

/** Units of a node by their path. */
export function renderNodeUnits(service: NodeService): Readonly<Record<string, string>> {
  const { after, lines } = runnerOf(service);
  return Object.fromEntries([
    environment(),
    serviceUnit(
      nodeUnit,
      "The node's service",
      [...prepared(environmentUnit), ...after.flatMap((name) => [`Wants=${name}`, `After=${name}`])],
      [`EnvironmentFile=${nodeEnvironment}`, `EnvironmentFile=${secretEnvironment}`, ...restarted, ...lines],
    ),
  ]);
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
function environment(): [path: string, text: string] {
  return preparation(
    environmentUnit,
    "Name and secrets of the node's service",
    `/usr/bin/hotspare-environment ${secretList} ${secretEnvironment}`,
  );
}
