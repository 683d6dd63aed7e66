import { execa } from "execa";

/** A program that goes on for as long as its input is kept open. */
export interface Held {
  /** Closes its input, which ends it; and the program itself, where that doesn't. */
  stop(): void;
  /** Never fails: a connection that breaks is an end like any other. */
  readonly ended: Promise<void>;
  /** What it wrote to its error output. */
  complaints(): string;
}

/** Milliseconds that a program has to end after its input. Above the patience of a load generator's clients. */
const grace = 8_000;

/**
 * Starts a program of this machine and reads its output line by line; it ends with its input, and so with this process.
 *
 * @param detached whether a Ctrl-C at the terminal is not for it
 */
export function hold(
  program: string,
  args: readonly string[],
  onLine: (line: string) => void,
  { detached = false } = {},
): Held {
  const running = execa(program, args, {
    stdin: "pipe",
    reject: false,
    buffer: { stdout: false },
    detached,
  });
  let complaints = "";
  const reading = (async () => {
    for await (const line of running) onLine(String(line));
    complaints = (await running).stderr;
  })();
  return {
    stop: () => {
      running.stdin.end();
      setTimeout(() => running.kill(), grace).unref();
    },
    ended: reading.catch(() => undefined),
    complaints: () => complaints,
  };
}
