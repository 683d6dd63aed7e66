import type Docker from "dockerode";
import { z } from "zod";
import { labelPrefix } from "../../plan/labels.ts";
import { controlSocket } from "../../render/paths.ts";
import { execIn } from "./exec.ts";
import { labelFilter } from "./label-filter.ts";
import { type MembersDocument, membersDocument } from "./members-document.ts";

/** What a balancer counts of one member. */
const memberStatus = z.object({ key: z.string(), requests: z.number(), errors: z.number() });

/** Empty tables of Lua are encoded as objects, whatever they were meant to be. */
const counts = z.record(z.string(), z.number());

const balancerStatus = z.object({
  pools: z.record(z.string(), z.object({ members: z.array(memberStatus) })),
  draining: counts,
});

export type BalancerCounts = z.infer<typeof balancerStatus>;

/** Milliseconds that starting a command in a container may take, on a machine with much else to do. */
const execMargin = 10_000;

/** A running balancer, spoken to on its own control socket. */
export class BalancerControl {
  readonly #docker: Docker;
  readonly #container: string;

  constructor(docker: Docker, container: string) {
    this.#docker = docker;
    this.#container = container;
  }

  /** The members that it has now; null when it doesn't serve yet. */
  async members(): Promise<MembersDocument | null> {
    const { exitCode, stdout } = await this.#curl("/members");
    return exitCode === 0 ? membersDocument.parse(JSON.parse(stdout)) : null;
  }

  /** @throws Error with the balancer's words when it refuses. */
  async putMembers(document: MembersDocument): Promise<void> {
    const body = [
      "-X",
      "PUT",
      "-H",
      "content-type: application/json",
      "--data-binary",
      JSON.stringify(document),
    ];
    const { exitCode, stdout, stderr } = await this.#curl("/members", body);
    if (exitCode !== 0) throw new Error(`a balancer refused its new members: ${(stdout || stderr).trim()}`);
  }

  /** Tells the wardens to leave machines alone for some seconds, from now on; ends by itself. */
  async lease(holder: string, seconds: number): Promise<void> {
    await this.#curl("/lease", ["-X", "PUT", "--data-binary", JSON.stringify({ holder, seconds })]);
  }

  /** Ends the lease. */
  async release(): Promise<void> {
    await this.#curl("/lease", ["-X", "DELETE"]);
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
    const { exitCode, stdout } = await this.#curl("/status", [], patience);
    return exitCode === 0 ? JSON.parse(stdout) : null;
  }

  /** Asks a URL in the cluster's network from where the balancer is: null when it answers 2xx, else what came instead. */
  async probe(url: string): Promise<string | null> {
    const command = ["curl", "-s", "-S", "-o", "/dev/null", "-m", "2", "-w", "%{http_code}", url];
    const ran = await execIn(this.#docker, this.#container, command, 2000 + execMargin);
    const { exitCode, stdout, stderr } = ran;
    if (exitCode !== 0) return stderr.trim();
    return /^2\d\d$/.test(stdout) ? null : `HTTP ${stdout}`;
  }

  #curl(path: string, more: readonly string[] = [], patience = 5) {
    const socket = ["--unix-socket", controlSocket];
    const curl = ["curl", "-s", "-S", "--fail-with-body", "-m", String(patience), ...socket, ...more];
    const command = [...curl, `http://localhost${path}`];
    return execIn(this.#docker, this.#container, command, patience * 1000 + execMargin);
  }
}

/** The running balancers of the cluster that these labels are of. */
export async function runningBalancers(
  docker: Docker,
  labels: Readonly<Record<string, string>>,
): Promise<BalancerControl[]> {
  const same = ["owner", "stack", "cluster"].map((name) => [name, labels[`${labelPrefix}${name}`]]);
  const filters = labelFilter({ ...Object.fromEntries(same), role: "balancer" });
  const found = await docker.listContainers({ filters });
  return found.map(({ Id }) => new BalancerControl(docker, Id));
}
