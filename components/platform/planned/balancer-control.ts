import { z } from "zod";
import { type MembersDocument, type MembersPool, parseMembers } from "../../model/members-document.ts";
import { desiredSocket } from "../../render/paths.ts";
import { cutShort, type Probe, probeOf, throughBalancer, verdictOf, wasAsked } from "./probe.ts";
import type { CommandResult, DeliveryTransport } from "./transport.ts";

/** What a balancer counts of one member. */
const memberStatus = z.object({ key: z.string(), requests: z.number(), errors: z.number() });

/** Empty tables of Lua are encoded as objects, whatever they were meant to be. */
const counts = z.record(z.string(), z.number());

const balancerStatus = z.object({
  pools: z.record(z.string(), z.object({ members: z.array(memberStatus) })),
  draining: counts,
});

/** What an operator says of nodes, by key. */
const operatorDocument = z.object({
  schema: z.number(),
  revision: z.number(),
  by: z.string(),
  members: z.record(z.string(), z.unknown()),
  maintenance: z.unknown().optional(),
});

type OperatorDocument = z.infer<typeof operatorDocument>;

/** What clients are answered while a person has them kept out, as infra/runtime/balancer/lua/hotspare/maintenance.lua takes it. */
export interface Maintenance {
  /** ISO 8601. */
  readonly since: string;
  readonly by: string;
  readonly reason?: string;
  /** Seconds after which clients may come again. */
  readonly retryAfter: number;
  /** Networks whose clients pass, in CIDR form. */
  readonly allowed: readonly string[];
  /** HTML; left out, a short page of the balancer's. */
  readonly page?: string;
}

export type BalancerCounts = z.infer<typeof balancerStatus>;

/** Milliseconds that starting a command on a machine may take, by an engine or host with much else to do. */
const execMargin = 10_000;

/**
 * curl's exit codes where nobody listens (`man curl`): no socket, or nobody accepts connections on it (7); a connection that ends without
 * an answer (52, 56), as of a director whose guest has not started yet, behind a relay that has.
 */
const nobodyListens: ReadonlySet<number> = new Set([7, 52, 56]);

/** What nginx answers by itself in place of a node. */
const unreached: ReadonlySet<string> = new Set(["HTTP 502", "HTTP 504"]);

interface CurlOptions {
  readonly more?: readonly string[];
  /** Seconds that the answer may take. */
  readonly patience?: number;
  readonly stdin?: string;
}

/** A running balancer, spoken to on the socket that is root's alone. */
export class BalancerControl {
  readonly #transport: DeliveryTransport;
  readonly #machine: string;

  constructor(transport: DeliveryTransport, machine: string) {
    this.#transport = transport;
    this.#machine = machine;
  }

  /**
   * The members that it has now; null when it doesn't serve: until its first files have come nobody listens.
   *
   * @throws Error when it serves and doesn't say: one that is only slow may have the virtual address
   */
  async members(): Promise<MembersDocument | null> {
    const { exitCode, stdout, stderr } = await this.#curl("/members");
    if (nobodyListens.has(exitCode)) return null;
    if (exitCode === 0) return parseMembers(stdout);
    throw new Error(
      `a balancer doesn't say which members it has: ${(stdout || stderr).trim()}; look at it, and try again`,
    );
  }

  /** @throws Error with the balancer's words when it refuses. */
  async putMembers(document: MembersDocument): Promise<void> {
    const type = "content-type: application/json";
    // By standard input: an argument may have 128 KiB, and a document of some thousand members has more.
    const body = { more: ["-X", "PUT", "-H", type, "--data-binary", "@-"], stdin: JSON.stringify(document) };
    const { exitCode, stdout, stderr } = await this.#curl("/members", body);
    if (exitCode !== 0) throw new Error(`a balancer refused its new members: ${(stdout || stderr).trim()}`);
  }

  /** Tells the wardens to leave machines alone for some seconds, from now on; ends by itself. */
  async lease(holder: string, seconds: number): Promise<void> {
    const more = ["-X", "PUT", "--data-binary", JSON.stringify({ holder, seconds })];
    await this.#curl("/lease", { more });
  }

  /** Ends the lease. */
  async release(): Promise<void> {
    await this.#curl("/lease", { more: ["-X", "DELETE"] });
  }

  /**
   * Changes what an operator says of one node, and leaves what is said of others.
   *
   * @param by who says it
   * @param entry null: nothing any more
   * @throws Error when the balancer refuses, or somebody else goes on changing it
   */
  changeOperator(by: string, key: string, entry: object | null): Promise<void> {
    return this.#say(by, ({ members }) => {
      const { [key]: before, ...others } = members;
      if (entry === null && before === undefined) return null;
      return { members: { ...others, ...(entry === null ? {} : { [key]: entry }) } };
    });
  }

  /**
   * Keeps clients out, or lets them in again; what is said of nodes stays.
   *
   * @param by who says it
   * @throws Error when the balancer refuses, or somebody else goes on changing the document
   */
  setMaintenance(by: string, maintenance: Maintenance | null): Promise<void> {
    return this.#say(by, (current) =>
      maintenance === null && current.maintenance === undefined
        ? null
        : { maintenance: maintenance ?? undefined },
    );
  }

  /** Writes the operator's document that follows on the current one. @param change null: nothing is to be changed */
  async #say(
    by: string,
    change: (current: OperatorDocument) => Partial<OperatorDocument> | null,
  ): Promise<void> {
    for (let tries = 5; ; tries--) {
      const { exitCode, stdout, stderr } = await this.#curl("/operator");
      if (exitCode !== 0) throw new Error(`a balancer doesn't answer: ${(stdout || stderr).trim()}`);
      const current = operatorDocument.parse(JSON.parse(stdout));
      const changed = change(current);
      if (changed === null) return;
      const document = { ...current, ...changed, by, revision: current.revision + 1 };
      const put = ["-X", "PUT", "-H", "content-type: application/json", "--data-binary", "@-"];
      const answer = await this.#curl("/operator", { more: put, stdin: JSON.stringify(document) });
      if (answer.exitCode === 0) return;
      if (tries === 0) throw new Error(`a balancer refused: ${(answer.stdout || answer.stderr).trim()}`);
    }
  }

  /**
   * Takes over what an operator has said of nodes to others, where they know more of it: a balancer that was made anew knows nothing.
   *
   * @throws Error when the balancer refuses
   */
  async learnOperator(others: readonly BalancerControl[]): Promise<void> {
    const own = await this.#operator();
    if (own === null) return;
    const said = await Promise.all(others.map((other) => other.#operator()));
    const latest = said.reduce((a, b) => ((b?.revision ?? 0) > (a?.revision ?? 0) ? b : a), own);
    if (latest === null || latest.revision === own.revision) return;
    const put = ["-X", "PUT", "-H", "content-type: application/json", "--data-binary", "@-"];
    // One that has a document of its own takes the next revision only.
    const revision = own.revision === 0 ? latest.revision : own.revision + 1;
    const stdin = JSON.stringify({ ...latest, revision });
    const { exitCode, stdout, stderr } = await this.#curl("/operator", { more: put, stdin });
    if (exitCode === 0) return;
    throw new Error(
      `a balancer didn't take over which nodes are out of service: ${(stdout || stderr).trim()}; try again`,
    );
  }

  async #operator(): Promise<OperatorDocument | null> {
    const { exitCode, stdout } = await this.#curl("/operator");
    const parsed = exitCode === 0 ? operatorDocument.safeParse(parsedJson(stdout)) : null;
    return parsed?.success === true ? parsed.data : null;
  }

  /** Null when it doesn't answer. */
  async counts(): Promise<BalancerCounts | null> {
    const status = await this.status();
    return status === null ? null : balancerStatus.parse(status);
  }

  /**
   * All that it tells of itself, as it comes; null when it doesn't answer.
   *
   * @param patience seconds that it may take
   */
  async status(patience = 5): Promise<unknown> {
    const { exitCode, stdout } = await this.#curl("/status", { patience });
    return exitCode === 0 ? JSON.parse(stdout) : null;
  }

  /**
   * Asks a URL in the cluster's network from where the balancer is, as a check does and as clients' requests come, through its
   * nginx: null when it passes, else what came instead.
   */
  async probe(url: string, health: MembersPool["health"]): Promise<string | null> {
    const through = throughBalancer(url, health);
    const asked = through === null ? null : await this.#run(through);
    // One that runs an older configuration can't ask.
    if (asked === null || !wasAsked(asked.stdout))
      return verdict(await this.#run(probeOf(url, health)), health);
    const came = cutShort(asked.stdout) ?? verdict(asked, health);
    if (came === null || !unreached.has(came)) return came;
    // nginx answers the same for a node that says so itself and for one that nobody reaches.
    const itself = await this.#run(probeOf(url, health));
    return itself.exitCode === 0 ? came : itself.stderr.trim();
  }

  #run({ command, stdin }: Probe): Promise<CommandResult> {
    const options = { timeout: 3000 + execMargin, ...(stdin === undefined ? {} : { stdin }) };
    return this.#transport.exec(this.#machine, command, options);
  }

  #curl(path: string, { more = [], patience = 5, stdin }: CurlOptions = {}) {
    const socket = ["--unix-socket", desiredSocket];
    const curl = ["curl", "-s", "-S", "--fail-with-body", "-m", String(patience), ...socket, ...more];
    const command = [...curl, `http://localhost${path}`];
    const timeout = patience * 1000 + execMargin;
    return this.#transport.exec(this.#machine, command, {
      timeout,
      ...(stdin === undefined ? {} : { stdin }),
    });
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function verdict({ exitCode, stdout, stderr }: CommandResult, health: MembersPool["health"]): string | null {
  return exitCode === 0 ? verdictOf(stdout, health) : stderr.trim();
}

/** The running balancers of the cluster that these labels are of. */
export async function runningBalancers(
  transport: DeliveryTransport,
  labels: Readonly<Record<string, string>>,
): Promise<BalancerControl[]> {
  const machines = await transport.runningBalancers(labels);
  return machines.map((machine) => new BalancerControl(transport, machine));
}
