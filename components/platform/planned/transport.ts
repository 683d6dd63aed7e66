import type { NodeStory } from "./story.ts";

/** A file as it goes to a machine: secrets resolved. */
export interface DeliveredFile {
  /** Below the folder that it is put into. */
  readonly path: string;
  /** Octal, e.g. `0644`. */
  readonly mode: string;
  readonly content: string;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Milliseconds that the command may take; left out: more than any program of the kit waits for. */
  readonly timeout?: number;
  /** What the command reads on its standard input; left out: nothing. */
  readonly stdin?: string;
}

/**
 * How files and commands get to the machines of a platform whose machines the plan lists: by an engine's API, by SSH. All
 * else of delivery and roll-out is the same everywhere and stands in this folder. A machine is named by the id that its
 * adapter returned.
 */
export interface DeliveryTransport {
  /**
   * Runs a command on a machine that is switched on, and waits for its end.
   *
   * @throws Error when it takes too long or can't be begun; a command that fails has an exit code and is no error
   */
  exec(machine: string, command: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /**
   * Puts files into a folder of a machine, and makes the folder if it isn't there. A machine that is switched off has them
   * when it starts.
   */
  put(machine: string, files: readonly DeliveredFile[], folder: string): Promise<void>;
  /** Whether a machine is switched on. */
  isOn(machine: string): Promise<boolean>;
  /** What people call a machine. */
  nameOf(machine: string): Promise<string>;
  /** The balancers that run, of the cluster that these labels are of. */
  runningBalancers(labels: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /**
   * What is known of a node's process; null where there is no such node.
   *
   * @param labels those of its cluster
   * @param address tells it from an older or newer one of the same key
   */
  story(labels: Readonly<Record<string, string>>, key: string, address: string): Promise<NodeStory | null>;
}
