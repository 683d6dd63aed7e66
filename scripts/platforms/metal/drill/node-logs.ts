import type { NodeLogs } from "../../../drill/platform.ts";

/** Reads a machine's log from a place on, in bytes. */
export type ReadFrom = (key: string, place: number) => Promise<string>;

/**
 * What nodes write while a drill runs: their logs are files that outlive them, so it is enough to know where each was at the beginning,
 * and to read the rest at the end.
 */
export class ServerLogs implements NodeLogs {
  readonly #keys: readonly string[];
  /** Those whose server may be off. */
  readonly #cold: ReadonlySet<string>;
  readonly #sizeOf: (key: string) => Promise<number>;
  readonly #readFrom: ReadFrom;
  readonly #onLine: (node: string, line: string) => void;
  readonly #begun = new Map<string, number>();

  /** @param cold keys of those whose server may be off: all of a log of theirs is read, since nobody knows where it was at the beginning */
  constructor(
    keys: readonly string[],
    cold: ReadonlySet<string>,
    reading: { readonly sizeOf: (key: string) => Promise<number>; readonly readFrom: ReadFrom },
    onLine: (node: string, line: string) => void,
  ) {
    this.#keys = keys;
    this.#cold = cold;
    this.#sizeOf = reading.sizeOf;
    this.#readFrom = reading.readFrom;
    this.#onLine = onLine;
  }

  async start(): Promise<void> {
    await Promise.all(
      this.#keys.map(async (key) => this.#begun.set(key, this.#cold.has(key) ? 0 : await this.#sizeOf(key))),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#begun].map(async ([key, place]) => {
        const text = await this.#readFrom(key, place).catch((error: Error) => {
          if (this.#cold.has(key)) return "";
          throw error;
        });
        for (const line of text.split("\n")) this.#onLine(key, line);
      }),
    );
  }
}
