import { file } from "../text.ts";
import { type Logs, logRotation, logsTimer } from "./logs.ts";
import { logFolder } from "./unit.ts";

/** What a machine with a system of its own is installed from, beside the programs that are the same for every machine. */
export interface MachineFiles {
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Units of Debian's packages that must never start; known before the packages come. */
  readonly masked: readonly string[];
  /** Units to enable and start, in this order: the one that says that the machine is ready comes last. */
  readonly units: readonly string[];
  /** Text by path below the root; root's own, mode 0644. */
  readonly files: Readonly<Record<string, string>>;
}

/** A part of a machine: what it serves with, or what its platform needs on it. */
export interface MachinePart extends MachineFiles {
  /** Lines of tmpfiles.d: folders with their modes and owners. */
  readonly folders: readonly string[];
  readonly logs: Logs;
}

/**
 * What a machine takes: what it serves with first, so that it runs before the platform hears that the machine is ready.
 *
 * @param serving what makes the machine what it is
 * @param platform what its platform needs
 * @param scope part of names, where one system serves as several machines: `-node`
 */
export function machineFiles(serving: MachinePart, platform: MachinePart, scope = ""): MachineFiles {
  const parts = [serving, platform];
  const all = (of: (part: MachinePart) => readonly string[]) => parts.flatMap(of);
  return {
    packages: [...new Set(["logrotate", ...all(({ packages }) => packages)])].sort(),
    masked: all(({ masked }) => masked),
    units: [...serving.units, logsTimer(scope), ...platform.units],
    files: {
      ...serving.files,
      ...platform.files,
      // The group is nginx's, on balancers; on nodes nobody is in it.
      [`/etc/tmpfiles.d/hotspare${scope}.conf`]: file([
        `d ${logFolder} 0750 root www-data`,
        ...all(({ folders }) => folders),
      ]),
      ...logRotation(logsOf(serving, platform), scope),
    },
  };
}

/** The logs of a whole machine. */
export function logsOf(serving: Pick<MachinePart, "logs">, platform: Pick<MachinePart, "logs">): Logs {
  return {
    appended: [...serving.logs.appended, ...platform.logs.appended].sort(),
    reopened: serving.logs.reopened ?? platform.logs.reopened,
  };
}
