import type { Interrupt } from "./command.ts";

/**
 * Turns SIGINT and SIGTERM of this process into orderly stops for as long as `work` runs. Says what happens, since the
 * engine may take some seconds to finish the steps it is at.
 */
export async function interruptible<T>(work: (interrupt: Interrupt) => Promise<T>): Promise<T> {
  const listeners = new Set<() => void>();
  let count = 0;
  const onSignal = () => {
    count++;
    process.stderr.write(
      count === 1
        ? "\nStopping: the engine finishes the steps it is at and saves its state. Press Ctrl-C again to drop them.\n"
        : "\nDropping what is under way; `./hotspare down` cleans up what may be left.\n",
    );
    for (const listener of listeners) listener();
  };
  return withSignals(onSignal, () =>
    work({
      get pressed() {
        return count > 0;
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
  );
}

/** Has SIGINT and SIGTERM of this process handled by `onSignal` for as long as `work` runs. */
export async function withSignals<T>(onSignal: () => void, work: () => Promise<T>): Promise<T> {
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    return await work();
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
