/** Cuts what comes in pieces into lines. */
export class LineSink {
  #rest = "";
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): boolean {
    const lines = (this.#rest + chunk.toString("utf8")).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
    return true;
  }

  flush(): void {
    if (this.#rest !== "") this.#onLine(this.#rest);
  }
}
