import type { NodeLogs } from "../../../drill/platform.ts";

/** Reads a machine's log from a place on, in bytes. */
export type ReadFrom = (key: string, place: number) => Promise<string>;

/**
 * What nodes write while a drill runs: their logs are files that outlive them, so it is enough to know where each was at the beginning,
 * and to read the rest at the end.
 */
export class ServerLogs implements NodeLogs {
  readonly #keys: readonly string[];
  readonly #sizeOf: (key: string) => Promise<number>;
  readonly #readFrom: ReadFrom;
  readonly #onLine: (node: string, line: string) => void;
  readonly #begun = new Map<string, number>();

  constructor(
    keys: readonly string[],
    reading: { readonly sizeOf: (key: string) => Promise<number>; readonly readFrom: ReadFrom },
    onLine: (node: string, line: string) => void,
  ) {
    this.#keys = keys;
    this.#sizeOf = reading.sizeOf;
    this.#readFrom = reading.readFrom;
    this.#onLine = onLine;
  }

  async start(): Promise<void> {
    await Promise.all(this.#keys.map(async (key) => this.#begun.set(key, await this.#sizeOf(key))));
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#begun].map(async ([key, place]) => {
        for (const line of (await this.#readFrom(key, place)).split("\n")) this.#onLine(key, line);
      }),
    );
  }
}
