import type Docker from "dockerode";
import type { ClusterPlan, NodePlan } from "../../components/plan/types.ts";
import { execIn } from "../../components/platform/docker/exec.ts";
import { UserError } from "../exit.ts";
import { listContainers } from "../platforms/docker/view.ts";

/** The cluster that a drill works on. */
export class DrillCluster {
  readonly docker: Docker;
  readonly stack: string;
  readonly plan: ClusterPlan;

  constructor(docker: Docker, stack: string, plan: ClusterPlan) {
    this.docker = docker;
    this.stack = stack;
    this.plan = plan;
  }

  /** Id of each container by key, looked up anew: an `up` may have replaced some. */
  async ids(): Promise<Map<string, string>> {
    const views = await listContainers(this.docker, { owner: this.plan.owner, stack: this.stack });
    return new Map(views.map(({ key, id }) => [key, id]));
  }

  async container(key: string): Promise<Docker.Container> {
    const id = (await this.ids()).get(key);
    if (id === undefined) throw new UserError(`${key} is not there`);
    return this.docker.getContainer(id);
  }

  /** Runs a command in a machine; throws when it fails. */
  async exec(key: string, ...command: string[]): Promise<string> {
    const { id } = await this.container(key);
    const { exitCode, stdout, stderr } = await execIn(this.docker, id, command);
    if (exitCode !== 0)
      throw new Error(`${command[0]} in ${key} ended with ${exitCode}: ${(stderr || stdout).trim()}`);
    return stdout;
  }

  /** The pool that answers `/`: the one whose nodes are hit. */
  get pool(): string {
    return this.plan.routes.find(({ path }) => path === "/")?.pool ?? this.plan.pools[0]?.name ?? "";
  }

  nodes(role: NodePlan["role"]): NodePlan[] {
    return this.plan.nodes.filter((node) => node.pool === this.pool && node.role === role);
  }
}

/**
 * What comes of a promise, for which nobody waits for ever: a question to a container that dies in this moment may never be
 * answered.
 *
 * @throws Error that says what has not ended, when it takes longer than so many milliseconds.
 */
export async function atMost<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const late = () => over.reject(new Error(`${what} has not ended within ${milliseconds / 1000} s`));
  const timer = setTimeout(late, milliseconds);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits. */
export function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}
