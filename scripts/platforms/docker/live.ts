import type Docker from "dockerode";
import { readLog } from "../../../components/platform/docker/log.ts";
import { desiredSocket } from "../../../components/render/paths.ts";
import type { Running } from "../../drill/platform.ts";
import { parseEvent, type WardenLogEvent } from "../../events/sentence.ts";
import { type BalancerCounts, readCounts } from "../../live/figures.ts";
import { KeptPlan } from "../../live/kept-plan.ts";
import type { LiveLook, LiveSource, MachineDetail } from "../../live/source.ts";
import { currentOwner, planOf } from "../../stacks.ts";
import { type BalancerStatus, readBalancerStatus } from "../../status/balancer-status.ts";
import { type MachineState, statusOf } from "../../status/cluster-status.ts";
import { runningDocker } from "./connect.ts";
import { runLines } from "./drill/lines.ts";
import { type ContainerView, listContainers, meantByKey } from "./view.ts";

/**
 * Asks a balancer twice a second, in one program that goes on: to start one for each question would cost more than the answer. It ends with
 * its input, and so with us.
 */
const asking = [
  "sh",
  "-c",
  `(while :; do curl -s -m 2 --unix-socket ${desiredSocket} http://control/status; sleep 0.5; done) & cat >/dev/null; kill $!`,
];
/** Milliseconds after which what a balancer has said says nothing any more. */
const expires = 3_000;
const tail = { events: 200, lines: 100 } as const;

interface Heard {
  readonly at: number;
  readonly status: BalancerStatus | null;
  readonly counts: BalancerCounts | null;
}

/** Containers by Docker's list of them, balancers by what they say, wardens by their logs. */
export async function dockerLive(stack: string): Promise<LiveSource> {
  const docker = await runningDocker();
  return new DockerLive(docker, stack);
}

class DockerLive implements LiveSource {
  readonly #docker: Docker;
  readonly #stack: string;
  readonly #plan: KeptPlan;
  readonly #owner = currentOwner();
  readonly #heard = new Map<string, Heard>();
  /** What is followed, by the container's id. */
  readonly #asked = new Map<string, Promise<Running | null>>();
  readonly #followed = new Set<string>();
  readonly #over = new AbortController();
  #take: (event: WardenLogEvent) => void = () => {};
  #views: readonly ContainerView[] = [];

  constructor(docker: Docker, stack: string) {
    this.#docker = docker;
    this.#stack = stack;
    this.#plan = new KeptPlan(stack, planOf(stack));
  }

  readonly look = async (): Promise<LiveLook> => {
    const views = await listContainers(this.#docker, { owner: this.#owner, stack: this.#stack });
    const ids = (some: readonly ContainerView[]) => some.map(({ id }) => id).join();
    if (this.#views.length > 0 && ids(views) !== ids(this.#views)) this.#plan.renew();
    this.#views = views;
    for (const view of views) this.#follow(view);
    const now = performance.now();
    const heard = (key: string) => {
      const last = this.#heard.get(key);
      return last !== undefined && now - last.at < expires ? last : null;
    };
    const running = new Set(views.filter(({ state }) => state === "running").map(({ key }) => key));
    const { plan } = this.#plan;
    const told = (machines: readonly { readonly key: string }[]) =>
      machines.map(({ key }) => [key, running.has(key) ? heard(key) : null] as const);
    const said = (machines: readonly { readonly key: string }[]) =>
      new Map(told(machines).map(([key, last]) => [key, last?.status ?? null]));
    const balancers = told(plan.balancers);
    const status = statusOf(this.#stack, plan, {
      machines: new Map([...meantByKey(views)].map(([key, view]) => [key, stateOf(view)])),
      balancers: said(plan.balancers),
      directors: said(plan.directors?.machines ?? []),
    });
    const counts = balancers.flatMap(([key, last]) =>
      last?.counts == null ? [] : [[key, last.counts] as const],
    );
    return { status, counts: new Map(counts) };
  };

  readonly events = (take: (event: WardenLogEvent) => void): void => {
    this.#take = take;
  };

  readonly detail = async (machine: string): Promise<MachineDetail> => {
    const view = this.#views.findLast(({ key }) => key === machine);
    if (view === undefined) throw new Error(`${machine} is not there`);
    const container = this.#docker.getContainer(view.id);
    const lines: string[] = [];
    await readLog(this.#docker, view.id, { tail: tail.lines, follow: false }, (_, text) => lines.push(text));
    const { State: state, RestartCount: restarts, HostConfig } = await container.inspect();
    const used = state.Running ? await memoryOf(container) : null;
    const limit = HostConfig.Memory ? ` of ${megabytes(HostConfig.Memory)}` : "";
    const ended = state.OOMKilled ? `${state.ExitCode}, killed for want of memory` : String(state.ExitCode);
    return {
      facts: [
        ["state", view.status],
        ["address", view.address || "–"],
        ["exit code", state.Running ? "–" : ended],
        ["started again", `${restarts} times`],
        ["memory", used === null ? "–" : `${megabytes(used)}${limit}`],
        ["image", view.image],
      ],
      lines,
    };
  };

  readonly close = (): void => {
    this.#over.abort();
    for (const asked of this.#asked.values()) void asked.then((running) => running?.stop());
  };

  #follow({ id, key, role, state }: ContainerView): void {
    if (state !== "running") return;
    if ((role === "balancer" || role === "director") && !this.#asked.has(id)) this.#ask(id, key);
    if (role === "warden" && !this.#followed.has(id)) {
      this.#followed.add(id);
      const take = (_: string, line: string) => {
        const event = parseEvent(line);
        if (event !== null) this.#take(event);
      };
      const following = { tail: tail.events, follow: true, signal: this.#over.signal };
      void readLog(this.#docker, id, following, take).catch(() => {});
    }
  }

  #ask(id: string, key: string): void {
    const take = (line: string) => {
      const answer = parsed(line);
      this.#heard.set(key, {
        at: performance.now(),
        status: readBalancerStatus(answer),
        counts: readCounts(answer),
      });
    };
    const asked = runLines(this.#docker, id, asking, take).catch(() => null);
    this.#asked.set(id, asked);
    // One that ended with its balancer is started again when that runs again.
    void asked.then(async (running) => {
      await running?.ended;
      this.#asked.delete(id);
    });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function stateOf({ state, status }: ContainerView): MachineState {
  const [, code] = /^(?:Exited|Restarting) \((\d+)\)/.exec(status) ?? [];
  return { state, running: state === "running", exitCode: code === undefined ? null : Number(code) };
}

/** Bytes in use, without what the kernel would give back at once, as `docker stats` counts. */
async function memoryOf(container: Docker.Container): Promise<number | null> {
  const { memory_stats: memory } = await container.stats({ stream: false, "one-shot": true });
  if (memory?.usage === undefined) return null;
  return memory.usage - (memory.stats?.inactive_file ?? 0);
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;
