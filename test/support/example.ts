import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { machineOf } from "./containers.ts";
import { Project } from "./project.ts";

/** An example of the repository that stands, in a checkout of its own. */
export class Example {
  readonly project: Project;
  readonly #stack: string;
  #status: ClusterStatus | null = null;

  private constructor(project: Project, stack: string) {
    this.project = project;
    this.#stack = stack;
  }

  /** @param secrets values by name */
  static async up(stack: string, secrets: Readonly<Record<string, string>> = {}): Promise<Example> {
    const project = await Project.create();
    const example = new Example(project, stack);
    for (const [name, value] of Object.entries(secrets)) {
      await project.write(`${name}.txt`, value);
      const set = await project.run("secret", "set", stack, name, "--file", `${name}.txt`);
      if (set.exitCode !== 0) throw new Error(set.stderr);
    }
    await example.again();
    return example;
  }

  /** Brings it up, once more after a change. */
  async again(): Promise<void> {
    this.#status = await this.project.json<ClusterStatus>("up", this.#stack);
  }

  /** The door's address, without a slash at its end. */
  get url(): string {
    return this.#status?.url ?? "";
  }

  /** Ends a machine as a power cut does. */
  async kill(key: string): Promise<void> {
    await (await machineOf(this.#status?.owner ?? "", key)).kill();
  }

  async down(): Promise<void> {
    await this.project.run("down", this.#stack, "--volumes", "--yes");
    await this.project.remove();
  }
}
