import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BmcPlan } from "../../../components/plan/platforms/metal/types.ts";
import { accountOf } from "../open.ts";
import type { Controller } from "../types.ts";

type Servers = Readonly<Record<string, { readonly bmc: BmcPlan | null; readonly serial: string | null }>>;

/** Names of the secrets that servers' controllers are asked with. */
export function accountSecretsOf(servers: Servers): readonly string[] {
  const accounts = Object.values(servers).flatMap(({ bmc }) => bmc?.account ?? []);
  return [...new Set(accounts.flatMap((account) => ("secret" in account ? account.secret : [])))].sort();
}

/**
 * The controllers of servers that have one.
 *
 * @param secret value of a named secret
 * @throws Error for an account that isn't there, or is none
 */
export function controllersOf(servers: Servers, secret: (name: string) => string): readonly Controller[] {
  return Object.entries(servers).flatMap(([server, { bmc, serial }]) => {
    if (bmc === null) return [];
    const { account } = bmc;
    return [controllerOf(server, bmc, serial, "secret" in account ? secret(account.secret) : null)];
  });
}

/**
 * A server's controller.
 *
 * @param serial the server's serial number, where it is known
 * @param account value of the account's secret; null for one in a file
 * @throws Error for an account that isn't there, or is none
 */
export function controllerOf(
  server: string,
  bmc: BmcPlan,
  serial: string | null,
  account: string | null,
): Controller {
  const { kind, host, port, certificate } = bmc;
  const text = "file" in bmc.account ? accountFile(server, bmc.account.file) : (account ?? "");
  const where = "file" in bmc.account ? bmc.account.file : `the secret "${bmc.account.secret}"`;
  try {
    return { server, serial, kind, host, port, certificate, ...accountOf(text) };
  } catch (error) {
    throw new Error(`${server}: ${where} ${(error as Error).message}`);
  }
}

function accountFile(server: string, path: string): string {
  const file = path.startsWith("~/") ? join(process.env.HOME ?? "/", path.slice(2)) : path;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${server}: its controller's account can't be read (${(error as Error).message}); write \`user:password\` to ${path}`,
    );
  }
}
