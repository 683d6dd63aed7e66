import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { Argument, type Command } from "commander";
import { formatSubnet, parseAddress, parseSubnet } from "../../components/model/ip.ts";
import type { Maintenance } from "../../components/platform/planned/balancer-control.ts";
import { exitCodes, UserError } from "../exit.ts";
import { planOf } from "../stacks.ts";
import { runningBalancers, statusesOf } from "../status/balancers.ts";
import { printJson, say } from "../terminal.ts";

/* Clients are answered 503 by the balancers, until a person ends it: no `up` does, and no move of the address. */

interface MaintenanceOptions {
  readonly page?: string;
  readonly retryAfter: string;
  readonly allow?: readonly string[];
  readonly reason?: string;
  readonly json?: boolean;
}

/** Bytes and networks that a balancer takes; the same as in maintenance.lua. */
const largestPage = 65_536;
const mostAllowed = 64;
/** Seconds of a week. */
const longestRetry = 604_800;

export function registerMaintenance(program: Command): void {
  program
    .command("maintenance")
    .description("Answer clients 503 with a page, or let them in again. No `up` ends it.")
    .addArgument(new Argument("<state>", "on or off").choices(["on", "off"]))
    .argument("<stack>", "name of the stack")
    .option("--page <file>", "an HTML file that clients see; a plain one if left out")
    .option("--retry-after <seconds>", "seconds after which clients may come again", "300")
    .option("--allow <networks...>", "addresses that pass, such as 192.0.2.7 or 192.0.2.0/24")
    .option("--reason <text>", "why, for those who look at the cluster")
    .option("--json", "print the result as one JSON document")
    .action(maintenance);
}

async function maintenance(state: string, stack: string, options: MaintenanceOptions): Promise<void> {
  const by = userInfo().username;
  const said = state === "on" ? maintenanceOf(by, options) : null;
  const balancers = await runningBalancers(stack, "what clients are answered; keep them out there");
  const statuses = await statusesOf(balancers);
  if (said !== null && statuses.some(({ ipvs }) => ipvs !== undefined))
    throw new UserError(
      `the balancers of "${stack}" pass connections on unread, so they can't answer for the nodes; let the application answer, or drain its nodes with --force`,
      exitCodes.usage,
    );
  for (const balancer of balancers.values()) await balancer.setMaintenance(by, said);
  const notTold = plannedBalancers(stack).filter((key) => !balancers.has(key));
  if (options.json) printJson({ schema: "hotspare.maintenance/1", stack, maintenance: said, notTold });
  else if (said === null) say(`"${stack}" serves its clients again.`);
  else say(`"${stack}" answers 503. \`./hotspare maintenance off ${stack}\` ends it.`);
  if (notTold.length > 0)
    throw new UserError(
      `${notTold.join(", ")}: not told, since it does not run; with the address it would ${said === null ? "answer 503 if it did before" : "let clients in"}, so say \`./hotspare maintenance ${state} ${stack}\` again once it runs`,
      exitCodes.degraded,
    );
}

/** By key; none where the stack's file is gone or has problems, since then nobody knows of others than those that run. */
function plannedBalancers(stack: string): string[] {
  try {
    return planOf(stack).balancers.map(({ key }) => key);
  } catch {
    return [];
  }
}

/** @throws UserError for an option that means nothing */
export function maintenanceOf(by: string, options: MaintenanceOptions, now = new Date()): Maintenance {
  const { page, retryAfter, allow = [], reason } = options;
  const seconds = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
  if (seconds < 1 || seconds > longestRetry)
    throw wrong(`--retry-after: "${retryAfter}" is not a number of seconds from 1 to ${longestRetry}`);
  if (allow.length > mostAllowed) throw wrong(`--allow: ${allow.length} networks, of at most ${mostAllowed}`);
  if (reason !== undefined && Buffer.byteLength(reason) > 1000)
    throw wrong("--reason: it has more than 1000 bytes");
  return {
    since: now.toISOString(),
    by,
    retryAfter: seconds,
    allowed: allow.map(network),
    ...(reason === undefined ? {} : { reason }),
    ...(page === undefined ? {} : { page: pageOf(page) }),
  };
}

/** An address is a network of one. */
function network(said: string): string {
  const subnet = parseSubnet(parseAddress(said) === null ? said : `${said}/32`);
  if (subnet === null)
    throw wrong(
      `--allow: "${said}" is neither an IPv4 address nor a network of some such as 192.0.2.0/24 (all bits beyond the prefix 0)`,
    );
  return formatSubnet(subnet);
}

function pageOf(file: string): string {
  const bytes = readPage(file);
  const text = new TextDecoder("utf-8", { fatal: false }).decode(bytes);
  if (bytes.length === 0 || bytes.length > largestPage || text.includes("\uFFFD"))
    throw wrong(`--page: ${file} must be HTML in UTF-8 of 1 to ${largestPage} bytes; it has ${bytes.length}`);
  return text;
}

function readPage(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrong(`--page: ${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

const wrong = (message: string) => new UserError(message, exitCodes.usage);
