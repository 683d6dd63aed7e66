import { execa } from "execa";
import type { Check } from "../../toolchain/check.ts";

/** What this machine needs to reach servers. */
export async function metalChecks(_: NodeJS.ProcessEnv): Promise<Check[]> {
  const name = "SSH for servers";
  const { exitCode, stderr } = await execa("ssh", ["-V"], { reject: false });
  if (exitCode === 0) return [{ name, state: "ok", detail: stderr.trim() }];
  return [
    {
      name,
      state: "missing",
      detail: "no ssh on PATH",
      fix: "install OpenSSH's client; only stacks on servers need it",
    },
  ];
}
