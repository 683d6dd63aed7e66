import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A program `ssh` that says what a test wants and notes what it was asked; first on PATH until it is removed. */
export class FakeSsh {
  readonly #folder = mkdtempSync(join(tmpdir(), "hotspare-fake-ssh-"));
  readonly #path = process.env.PATH;

  constructor() {
    const program = join(this.#folder, "ssh");
    writeFileSync(
      program,
      `#!/bin/sh
for last; do :; done
printf '%s\\n' "$*" >> ${this.#folder}/calls
cat > ${this.#folder}/input
verb=none
for known in facts look deliver claim release remove rivals; do
  case "$last" in *"hotspare-host"*$known*) verb=$known; printf '%s\\n' $verb >> ${this.#folder}/verbs; break ;; esac
done
cat "${this.#folder}/$verb.err" >&2 2>/dev/null
cat "${this.#folder}/$verb.out" 2>/dev/null
exit $(cat "${this.#folder}/$verb.code" 2>/dev/null || echo 0)
`,
    );
    chmodSync(program, 0o755);
    process.env.PATH = `${this.#folder}${delimiter}${this.#path}`;
  }

  /** What a verb of the program on servers answers from now on. */
  answer(
    verb: string,
    { out = "", err = "", code = 0 }: { out?: string; err?: string; code?: number },
  ): void {
    writeFileSync(join(this.#folder, `${verb}.out`), out);
    writeFileSync(join(this.#folder, `${verb}.err`), err);
    writeFileSync(join(this.#folder, `${verb}.code`), String(code));
  }

  /** Verbs that servers were asked, in their order. */
  get verbs(): string[] {
    const file = join(this.#folder, "verbs");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  /** All arguments of all calls. */
  get calls(): string {
    return readFileSync(join(this.#folder, "calls"), "utf8");
  }

  /** Whether a call has had this among its arguments. */
  wasAsked(word: string): boolean {
    return existsSync(join(this.#folder, "calls")) && this.calls.split(/\s/).includes(word);
  }

  /** What the last call was given to read. */
  get input(): Buffer {
    return readFileSync(join(this.#folder, "input"));
  }

  end(): void {
    process.env.PATH = this.#path;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
