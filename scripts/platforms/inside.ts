/*
 * What a person does inside of a stack's machines, as platforms owe it to the commands.
 */

/** Programs of a person's on a stack's machines. */
export interface PlatformTasks {
  /** Runs one on a machine. @returns its exit code @throws UserError for a machine that doesn't run */
  readonly exec: (key: string, command: readonly string[], streams: TaskStreams) => Promise<number>;
  /** Runs one in a container of its own, made as the pool's nodes are that run now. @returns its exit code */
  readonly run: (pool: string, command: readonly string[], streams: TaskStreams) => Promise<number>;
}

/** Where a task's input comes from and its output goes to. */
export interface TaskStreams {
  /** Null for none. */
  readonly stdin: NodeJS.ReadableStream | null;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Whether a person sits at the other end, as at a terminal; the three are then this process's own. */
  readonly terminal: boolean;
}

/** Volumes that hold an application's data, by their names on the platform. */
export interface PlatformVolumes {
  /** Sorted; also those whose machines are gone. */
  readonly list: () => Promise<readonly string[]>;
  /** Names of the machines that run and have it. */
  readonly users: (volume: string) => Promise<readonly string[]>;
  readonly backup: (volume: string, file: string) => Promise<void>;
  /** Puts what a backup has in place of what is there; stops who has the volume, and starts them again. @throws UserError */
  readonly restore: (volume: string, file: string) => Promise<void>;
}
