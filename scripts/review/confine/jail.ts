import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";

/*
 * A process list, a network without a way out and a file tree of its own, by the kernel (namespaces(7), user_namespaces(7)); it
 * needs no rights where the kernel lets users have them, and util-linux. In the tree is what is listed and nothing else: no
 * sockets such as Docker's, no home, no other process.
 */

/** Where the system keeps programs and libraries; what isn't there is left out. */
const system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/etc/ld.so.cache"];
const devices = ["/dev/null", "/dev/zero", "/dev/urandom"];

/**
 * Runs inside of the new namespaces, with `root`, the home, the working folder, then paths up to `--`, then the command. A link is
 * made again as it is; what it leads to is there only when it is listed too. All but the home can only be read. At last every right
 * is given up that came with the namespaces. A shell stays above the command: the first process of a namespace ignores signals.
 */
const script = `
set -e
root=$1; home=$2; folder=$3; shift 3
mount -t tmpfs -o size=64m,mode=755 none "$root"
put() {
  if [ -L "$1" ]; then
    [ -L "$root$1" ] || { mkdir -p "$root$(dirname "$1")"; cp -P "$1" "$root$1"; }
    return
  fi
  [ -e "$1" ] || return 0
  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root$(dirname "$1")"; : >> "$root$1"; fi
  mount --rbind "$1" "$root$1"
  [ "$2" = write ] && return
  mount -o remount,bind,ro "$root$1" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$root$1" 2>/dev/null || :
}
while [ "$1" != -- ]; do put "$1"; shift; done
shift
for device in ${devices.join(" ")}; do put "$device" write; done
put "$home" write
mkdir -p "$root/proc" "$root/tmp"
mount -t proc proc "$root/proc"
exec chroot "$root" setpriv --no-new-privs --inh-caps=-all --bounding-set=-all \\
  /bin/sh -c 'cd "$1"; shift; "$@"; exit $?' sh "$folder" "$@"`;

const namespaces = ["user", "pid", "net", "mount", "ipc", "uts"].map((name) => `--${name}`);

export interface Jail {
  /** An empty folder over which the tree is put together, inside of the jail only. */
  readonly root: string;
  readonly home: string;
  /** Where the command runs. */
  readonly folder: string;
  /** What can be read, absolute; links as they are. */
  readonly paths: readonly string[];
}

/** The command line that runs a command in a jail. When the first process of it ends, none of the others is left. */
export function jailed({ root, home, folder, paths }: Jail, command: readonly string[]): [string, string[]] {
  const tree = [...system, dirname(process.execPath), ...paths];
  const outer = [...namespaces, "--map-root-user", "--fork", "--kill-child"];
  return ["unshare", [...outer, "sh", "-c", script, "jail", root, home, folder, ...tree, "--", ...command]];
}

let known: Promise<boolean> | undefined;

/** Whether this machine has jails; tried with a real one, since kernels, containers and policies forbid it in many ways. */
export function hasJails(): Promise<boolean> {
  known ??= tryJail();
  return known;
}

async function tryJail(): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const root = mkdtempSync(join(tmpdir(), "hotspare-jail-"));
  try {
    const command = jailed({ root, home: root, folder: "/", paths: [] }, [process.execPath, "--version"]);
    const { exitCode, stdout } = await execa(...command, {
      env: { PATH: process.env.PATH ?? "" },
      extendEnv: false,
      reject: false,
      timeout: 10_000,
    });
    return exitCode === 0 && stdout.trim() === process.version;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
