/** A block of keepalived.conf: its words, and what stands within. A line without a block has nothing within. */
export interface Entry {
  readonly words: readonly string[];
  readonly within: readonly Entry[];
}

/** keepalived.conf as far as the kit writes it: a word or a block a line, comments from `#`. @throws Error where braces don't close */
export function parseKeepalived(text: string): Entry[] {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  const rest = lines.filter((line) => line !== "").values();
  const found = entries(rest, 0);
  return found;
}

function entries(rest: IterableIterator<string>, depth: number): Entry[] {
  const found: Entry[] = [];
  for (;;) {
    const { done, value: line } = rest.next();
    if (done === true) {
      if (depth > 0) throw new Error("a block has no end");
      return found;
    }
    if (line === "}") {
      if (depth === 0) throw new Error("a block ends that has not begun");
      return found;
    }
    const opens = line.endsWith("{");
    const words = line.replace(/\{$/, "").trim().split(/\s+/);
    found.push({ words, within: opens ? entries(rest, depth + 1) : [] });
  }
}

/** What follows a word, in its first line; null where there is none. */
export function wordsAfter(list: readonly Entry[], name: string): string | null {
  const entry = list.find(({ words }) => words[0] === name);
  return entry === undefined ? null : entry.words.slice(1).join(" ");
}

/** What stands within a block. */
export const withinOf = (list: readonly Entry[], name: string): readonly Entry[] =>
  list.find(({ words }) => words[0] === name)?.within ?? [];
