import { banner, file, oneLine } from "../text.ts";

/** Where the bundle lies and what it must be. */
export interface BundlePlace {
  readonly bucket: string;
  readonly key: string;
  /** Hex. */
  readonly sha256: string;
}

/** What waits for a machine while it boots for the first time. */
export interface Awaited {
  /** Name of its group. */
  readonly group: string;
  /** Name of the hook that it completes when it is ready. */
  readonly hook: string;
}

/** All that the first boot has said. */
export const bootstrapLog = "/var/log/hotspare-bootstrap.log";

/** Begins and ends, on the machine's console, what a first boot that failed has said last. */
export const lastLinesMarks = {
  begin: "hotspare: the first boot failed, and this machine is given up; its last lines:",
  end: "hotspare: end of its last lines",
} as const;

/** The program that user data leaves on the machine; safe to run again by hand. */
const program = "/usr/local/sbin/hotspare-bootstrap";

/**
 * Made last: it stands for a machine on which all of the bundle's installation has worked, and holds the bundle's hash. cloud-init
 * itself says "done" for a command that failed.
 */
export const sentinel = "/var/lib/hotspare/bootstrapped";

/**
 * User data for cloud-init 25.1: one program that fetches the bundle with the machine's own rights, refuses any other bytes than
 * those that were planned, and installs it. What fails is tried no further: its last lines are on the console, and the group is told
 * to give the machine up, at once and not when the hook's time is over. Holds no secret, since everyone who may describe a launch template can read it.
 *
 * @param fingerprint of the machines' group: in it, what changes a machine without being in the bundle (a secret's value) is a change
 *   of the user data, which a preview shows
 * @throws Error for a value that a shell would read as more than a word
 */
export function renderUserData(
  machine: string,
  region: string,
  bundle: BundlePlace,
  fingerprint: string,
  awaited: Awaited,
): string {
  return file([
    // cloud-init knows the format by the first line.
    "#cloud-config",
    banner(`user data of ${machine}`),
    `# Made for ${oneLine(fingerprint)}`,
    "write_files:",
    `- path: ${program}`,
    '  permissions: "0755"',
    "  content: |",
    ...bootstrapProgram(shellWord(region), bundle, awaited).map((line) => (line === "" ? "" : `    ${line}`)),
    "runcmd:",
    `- [${program}]`,
  ]);
}

function bootstrapProgram(region: string, bundle: BundlePlace, { group, hook }: Awaited): string[] {
  const source = `s3://${shellWord(bundle.bucket)}/${shellWord(bundle.key)}`;
  const sha256 = shellWord(bundle.sha256);
  return [
    "#!/bin/bash",
    "set -euo pipefail",
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `log=${bootstrapLog}`,
    'exec > "$log" 2>&1',
    "folder=$(mktemp -d)",
    "ended() {",
    "  code=$?",
    "  set +e",
    '  rm -rf "$folder"',
    '  [ "$code" -ne 0 ] || return',
    `  { echo "${lastLinesMarks.begin}"; tail -n 20 "$log"; echo "${lastLinesMarks.end}"; } > /dev/console`,
    "  # Nobody waits for it when this is run again by hand.",
    "  aws autoscaling complete-lifecycle-action --lifecycle-action-result ABANDON \\",
    `    --auto-scaling-group-name ${shellWord(group)} --lifecycle-hook-name ${shellWord(hook)} \\`,
    '    --instance-id "$(cloud-init query instance_id)"',
    "}",
    "trap ended EXIT",
    "# Debian's image has the tool; another one may need it.",
    "command -v aws >/dev/null || { apt-get update && apt-get install -y --no-install-recommends awscli; }",
    "# The network and the rights of a machine that has just started may take a moment.",
    "for pause in 2 4 8 16 32 stop; do",
    `  aws s3 cp --no-progress ${source} "$folder/bundle.tar.gz" && break`,
    '  [ "$pause" != stop ] || exit 1',
    '  sleep "$pause"',
    "done",
    `echo "${sha256}  $folder/bundle.tar.gz" | sha256sum --check`,
    'tar --extract --gzip --no-same-owner --directory="$folder" --file="$folder/bundle.tar.gz"',
    "# By its name: a machine may allow no programs in its folder for what is temporary.",
    'bash "$folder/install"',
    `mkdir -p ${sentinel.slice(0, sentinel.lastIndexOf("/"))}`,
    `echo ${sha256} > ${sentinel}`,
  ];
}

/** A word that a shell takes as it is. */
function shellWord(text: string): string {
  if (!/^[A-Za-z0-9._:/-]+$/.test(text))
    throw new Error(`${JSON.stringify(text)} can't stand in a shell program without quotes`);
  return text;
}
