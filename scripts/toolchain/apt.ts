import { execa } from "execa";
import { which } from "./which.ts";

/** Whether this process may install Debian packages: apt-get is there and we are root. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && which("apt-get") !== undefined;
}

/** Installs Debian packages without questions and without what they merely recommend. Throws with apt's last lines. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", ...packages],
  ]) {
    const result = await execa("apt-get", args, { env, all: true, reject: false, stdin: "ignore" });
    if (!result.failed) continue;
    const last = result.all?.trim().split("\n").slice(-5).join("\n");
    throw new Error(`apt-get ${args.join(" ")} failed. Run it by hand to see why; its last lines:\n${last}`);
  }
}
