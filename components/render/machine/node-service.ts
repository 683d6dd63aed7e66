import type { NodeService } from "../../plan/groups/types.ts";
import { runFolder } from "../paths.ts";
import { environmentFile, variable } from "./environment-file.ts";
import type { MachinePart } from "./files.ts";
import { confined, logFile, needs, restarted, seconds, serviceUnit, withoutMetadata } from "./unit.ts";

/** Unit that runs a node's service. */
export const nodeUnit = "hotspare-node.service";

const nodeEnvironment = "/etc/hotspare/node.env";

export const sampleProgram = "/srv/server.mjs";
const container = "hotspare-node";

/** What a node's service has around it on its platform. */
export interface Surroundings {
  /** Units that have to have worked before it starts. */
  readonly needed: readonly string[];
  /** Files with more of its environment. */
  readonly environment: readonly string[];
  /** Lines of its unit that come before it is started; none where it needs nothing. */
  readonly before?: readonly string[];
  /** Most of the machine that it may have: bytes, and cores or null for all. */
  readonly bounds: { readonly memory: number; readonly cpus: number | null };
}

/** How a node's service runs. */
interface Runner {
  /** Debian packages that it needs. */
  readonly packages: readonly string[];
  /** Units that come first, if they are wanted at all. */
  readonly after: readonly string[];
  /** Lines of the unit's section `Service`. */
  readonly lines: readonly string[];
}

/**
 * What makes a machine a node.
 *
 * @param plain its environment but for secrets
 * @throws Error for an image that no machine could get; the model's rules let none through
 */
export function nodePart(
  service: NodeService,
  plain: Readonly<Record<string, string>>,
  { needed, environment, before = [], bounds }: Surroundings,
): MachinePart {
  const runner = runnerOf(service, bounds);
  const unit = serviceUnit(nodeUnit, "The node's service", [...needed, ...runner.after].flatMap(needs), [
    ...[nodeEnvironment, ...environment].map((path) => `EnvironmentFile=${path}`),
    ...restarted,
    ...before,
    ...runner.lines,
  ]);
  return {
    packages: [...runner.packages],
    masked: [],
    units: [nodeUnit],
    files: { [nodeEnvironment]: environmentFile(plain), ...Object.fromEntries([unit]) },
    // Root's alone: the values of secrets may be in it.
    folders: [`d ${runFolder} 0700 root root`],
    logs: { appended: [logFile(nodeUnit)], reopened: null },
  };
}

function runnerOf(service: NodeService, bounds: Surroundings["bounds"]): Runner {
  const { image } = service;
  switch (image.kind) {
    case "sample":
      return {
        packages: ["nodejs"],
        after: [],
        lines: plainService(service, bounds, `/usr/bin/node ${sampleProgram}`),
      };
    case "service":
      return {
        packages: image.packages,
        after: [],
        lines: [
          ...plainService(service, bounds, (service.command ?? []).map(unitWord).join(" ")),
          // `$STATE_DIRECTORY`: what it writes stays, but for `down`.
          "StateDirectory=hotspare-node",
        ],
      };
    case "reference":
      return {
        packages: ["docker.io"],
        after: ["docker.service"],
        lines: containerService(service, image.reference, bounds),
      };
    case "build":
      throw new Error(`the image of ${image.context} is on another machine's Docker Engine`);
    default:
      return image satisfies never;
  }
}

/** Processes and threads that a node may have: more than servers have, fewer than end a machine. */
const mostProcesses = 4096;

/** A container with a network of its own and the service's port on the machine. */
function containerService(
  service: NodeService,
  reference: string,
  { memory, cpus }: Surroundings["bounds"],
): string[] {
  const names = ["HOTSPARE_NODE", ...Object.keys(service.environment)].sort();
  const options = [
    `--name ${container}`,
    // Whoever took its name in a public registry would be started in its place.
    ...(service.sent === true ? ["--pull never"] : []),
    `--publish ${service.port}:${service.port}`,
    "--cap-drop ALL",
    "--security-opt no-new-privileges",
    `--pids-limit ${mostProcesses}`,
    // The engine starts it, so bounds of the unit would be those of Docker's command.
    `--memory ${memory}`,
    ...(cpus === null ? [] : [`--cpus ${cpus}`]),
    ...(service.readOnly ? ["--read-only", "--tmpfs /run:size=64m,mode=755", "--tmpfs /tmp:size=64m"] : []),
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

/**
 * A word of a unit's command line: systemd.service(5) expands `$` and systemd.unit(5) `%`. A line break would end the line; systemd.syntax(7)
 * has escapes for it.
 */
const unitWord = (word: string) =>
  `"${word.replace(/[\\"%$\n\r]/g, (special) => unitEscapes[special] ?? special)}"`;

const unitEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "%": "%%",
  $: "$$",
  "\n": "\\n",
  "\r": "\\r",
};

/** A program of the machine, as a unit that may write nowhere but where it says so. */
function plainService(
  service: NodeService,
  { memory, cpus }: Surroundings["bounds"],
  command: string,
): string[] {
  return [
    `ExecStart=${command}`,
    // An account for this run alone, that owns nothing.
    "DynamicUser=yes",
    ...confined,
    ...(service.port < 1024
      ? ["AmbientCapabilities=CAP_NET_BIND_SERVICE", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE"]
      : ["CapabilityBoundingSet="]),
    withoutMetadata,
    `MemoryMax=${memory}`,
    ...(cpus === null ? [] : [`CPUQuota=${Math.round(cpus * 100)}%`]),
    `TasksMax=${mostProcesses}`,
    // systemd reads 0 as "for ever".
    `TimeoutStopSec=${Math.max(1, seconds(service.stopGrace))}`,
  ];
}
