import { banner, file } from "../text.ts";
import { confined, logFolder, modest, withoutMetadata } from "./unit.ts";

/** Files that a machine writes to `logFolder`. */
export interface Logs {
  /** What services say: systemd keeps them open for appending. */
  readonly appended: readonly string[];
  /** A log that its unit's main process opens again when it is sent USR1. */
  readonly reopened: { readonly file: string; readonly unit: string } | null;
}

/** Unit that rotates the logs by their size. @param scope as for `machineFiles` */
export const logsTimer = (scope = "") => `hotspare-logs${scope}.timer`;

/**
 * By size and every five minutes, not once a day as Debian does it: an access log of a busy balancer grows by gigabytes an hour.
 * The file before stays uncompressed for one round, so that the agent that sends it on can end its reading.
 */
export function logRotation({ appended, reopened }: Logs, scope = ""): Readonly<Record<string, string>> {
  const configuration = `/etc/hotspare/logrotate${scope}.conf`;
  const timer = logsTimer(scope);
  const reopening =
    reopened === null
      ? []
      : [
          `${reopened.file} {`,
          "  postrotate",
          `    systemctl kill --kill-who=main --signal=USR1 ${reopened.unit}`,
          "  endscript",
          "}",
        ];
  return {
    [configuration]: file([
      banner("rotation of this machine's logs"),
      "size 100M",
      "rotate 3",
      "compress",
      "delaycompress",
      "missingok",
      ...reopening,
      `${appended.join(" ")} {`,
      "  copytruncate",
      "}",
    ]),
    [`/etc/systemd/system/${timer}`]: file([
      "[Unit]",
      "Description=Rotates this machine's logs before they fill the disk",
      "",
      "[Timer]",
      "OnCalendar=*:0/5",
      "",
      "[Install]",
      "WantedBy=timers.target",
    ]),
    [`/etc/systemd/system/${timer.replace(".timer", ".service")}`]: file([
      "[Unit]",
      "Description=Rotates this machine's logs",
      "",
      "[Service]",
      "Type=oneshot",
      `ExecStart=/usr/sbin/logrotate --state /var/lib/hotspare/logrotate${scope}.state ${configuration}`,
      ...confined,
      ...modest,
      `ReadWritePaths=${logFolder} /var/lib/hotspare`,
      withoutMetadata,
      // Logs are of several accounts, and the copy of one is its owner's; systemd passes a signal on for who may send one.
      "CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_KILL",
    ]),
  };
}
