import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { keyMeant } from "../../components/model/identity.ts";
import type { BalancerControl } from "../../components/platform/planned/balancer-control.ts";
import { exitCodes, UserError } from "../exit.ts";
import { poolsBySource } from "../stacks.ts";
import type { BalancerStatus } from "../status/balancer-status.ts";
import { runningBalancers, statusesOf } from "../status/balancers.ts";
import { printJson, say } from "../terminal.ts";

/* What a person says of single nodes: out for new requests, out for all, as the stack says again. Neither `up` nor a warden undoes it. */

interface NodeOptions {
  readonly json?: boolean;
  readonly force?: boolean;
  readonly reason?: string;
  readonly wait?: string;
}

type Said = "cordoned" | "drained" | null;

/** What all three have. */
function nodeVerb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<stack>", "name of the stack")
    .argument("<node>", "key such as web-1")
    .option("--json", "print the result as one JSON document");
}

const forced = "also where nobody else of its pool could serve";
const because = "why, for those who look at the cluster";

export function registerCordon(program: Command): void {
  nodeVerb(program, "cordon", "Give a node no new requests as long as others can serve; its sessions stay.")
    .option("--reason <text>", because)
    .option("--force", forced)
    .action((stack: string, node: string, options: NodeOptions) => change(stack, node, "cordoned", options));
}

export function registerDrain(program: Command): void {
  nodeVerb(
    program,
    "drain",
    "Give a node no requests at all, and wait until those under way there have ended.",
  )
    .option("--reason <text>", because)
    .option("--wait <seconds>", "how long to wait for them", "60")
    .option("--force", forced)
    .action((stack: string, node: string, options: NodeOptions) => change(stack, node, "drained", options));
}

export function registerRestore(program: Command): void {
  nodeVerb(program, "restore", "Let a node that was cordoned or drained serve again.").action(
    (stack: string, node: string, options: NodeOptions) => change(stack, node, null, options),
  );
}

async function change(stack: string, word: string, said: Said, options: NodeOptions): Promise<void> {
  const wait = waitOf(options.wait ?? "0");
  const balancers = await runningBalancers(stack, "who serves; take the machine out there");
  const statuses = await statusesOf(balancers);
  const node = known(stack, word, statuses);
  if (said !== null && options.force !== true) othersServe(node, statuses);
  await tell(balancers, node, said, options.reason);
  const left = said === "drained" ? await untilIdle(balancers, node, wait) : 0;
  if (options.json) printJson({ schema: "hotspare.node/1", stack, node, said, requestsLeft: left });
  else say(sentence(node, said));
  if (left > 0)
    throw new UserError(
      `${node} gets no new requests, and ${left} are still under way after ${wait} s; wait for them with \`./hotspare drain ${stack} ${node}\``,
      exitCodes.degraded,
    );
}

function sentence(node: string, said: Said): string {
  if (said === null) return `${node} serves again as the stack says.`;
  return said === "drained"
    ? `${node} gets no requests.`
    : `${node} gets no new requests as long as others can serve.`;
}

function waitOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UserError(`--wait: "${text}" is not a number of seconds`, exitCodes.usage);
}

function known(stack: string, word: string, statuses: readonly BalancerStatus[]): string {
  const keys = [...new Set(statuses.flatMap(({ pools }) => Object.values(pools).flatMap(membersOf)))];
  const node = keyMeant(poolsBySource(stack), keys, word);
  if (keys.includes(node)) return node;
  throw new UserError(
    `there is no node ${word}; the balancers of "${stack}" have [${keys.join(", ")}]`,
    exitCodes.usage,
  );
}

const membersOf = ({ members }: BalancerStatus["pools"][string]) => members.map(({ key }) => key);

/** @throws UserError where a balancer has nobody else to send requests to */
function othersServe(node: string, statuses: readonly BalancerStatus[]): void {
  for (const { pools } of statuses)
    for (const [name, pool] of Object.entries(pools)) {
      if (!membersOf(pool).includes(node)) continue;
      const others = pool.members.filter(
        ({ key, healthy, out, role }) => key !== node && healthy === true && out !== true && role !== "cold",
      );
      if (others.length === 0)
        throw new UserError(
          `nobody else of the pool ${name} could serve; bring another node back first, or say --force`,
          exitCodes.degraded,
        );
    }
}

async function tell(
  balancers: ReadonlyMap<string, BalancerControl>,
  node: string,
  said: Said,
  reason: string | undefined,
): Promise<void> {
  const entry = said === null ? null : { state: said, ...(reason === undefined ? {} : { reason }) };
  for (const balancer of balancers.values()) await balancer.changeOperator(userInfo().username, node, entry);
}

/** Waits until no balancer has a request under way there. @returns how many are left */
async function untilIdle(
  balancers: ReadonlyMap<string, BalancerControl>,
  node: string,
  seconds: number,
): Promise<number> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const statuses = await statusesOf(balancers);
    const left = statuses
      .flatMap(({ pools }) => Object.values(pools).flatMap(({ members }) => members))
      .reduce((sum, { key, inFlight }) => sum + (key === node ? inFlight : 0), 0);
    if (left === 0 || Date.now() >= deadline) return left;
    await sleep(250);
  }
}
