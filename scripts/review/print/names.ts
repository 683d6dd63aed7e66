/*
 * Many names in little space, and none of them lost: what the names share is written once, as a shell's braces do it. `web-{1..3}`
 * stands for three names, and bash expands every line of a list to exactly the names that went in.
 */

interface Tree {
  /** Whether a name ends here. */
  end: boolean;
  readonly children: Map<string, Tree>;
}

/** How finely names are taken apart: `words` leaves what a person reads as one word in one piece, `letters` saves the most. */
export type Grain = "words" | "letters";

/** Expressions that together stand for exactly these names, sorted; one or more names each. */
export function compact(names: Iterable<string>, grain: Grain = "words"): string[] {
  const root: Tree = { end: false, children: new Map() };
  for (const name of [...new Set(names)].sort()) add(root, name, grain);
  return alternatives(root);
}

const pieces: Readonly<Record<Grain, RegExp>> = {
  words: /\d+|[^\d\-_./: ]*[-_./: ]|[^\d\-_./: ]+/g,
  letters: /\d+|\D/gu,
};

function add(root: Tree, name: string, grain: Grain): void {
  let at = root;
  for (const [piece] of name.matchAll(pieces[grain])) {
    let next = at.children.get(piece);
    if (next === undefined) {
      next = { end: false, children: new Map() };
      at.children.set(piece, next);
    }
    at = next;
  }
  at.end = true;
}

/** Expressions for all that may follow here; an empty one where a name ends. */
function alternatives(tree: Tree): string[] {
  const byRest = new Map<string, { readonly rest: readonly string[]; readonly labels: string[] }>();
  for (const [piece, child] of tree.children) {
    const [label, last] = isNumber(piece) ? [piece, child] : straight(piece, child);
    const rest = alternatives(last);
    const key = rest.join(",");
    const group = byRest.get(key);
    if (group === undefined) byRest.set(key, { rest, labels: [label] });
    else group.labels.push(label);
  }
  const followed = [...byRest.values()].flatMap(({ rest, labels }) => joined(choices(labels), rest));
  return tree.end ? ["", ...followed] : followed;
}

/** Goes on to the next fork or end, so that a whole shared beginning is weighed at once. */
function straight(piece: string, child: Tree): [string, Tree] {
  let [label, at] = [piece, child];
  while (!at.end && at.children.size === 1) {
    const [[next, deeper] = ["", at]] = at.children;
    label += next;
    at = deeper;
  }
  return [label, at];
}

/** Every one of `heads` followed by every one of `tails`: in whichever form is shorter. */
function joined(heads: readonly string[], tails: readonly string[]): string[] {
  const products = [
    [braced(heads) + braced(tails)],
    heads.map((head) => head + braced(tails)),
    tails.map((tail) => braced(heads) + tail),
  ];
  return products.reduce((best, next) => (size(next) < size(best) ? next : best));
}

const size = (expressions: readonly string[]): number =>
  expressions.reduce((sum, { length }) => sum + length + 1, 0);

function braced(expressions: readonly string[]): string {
  return expressions.length === 1 ? (expressions[0] ?? "") : `{${expressions.join(",")}}`;
}

/** Labels as they stand in an expression: numbers in a row as `{1..5}`, the others one by one. */
function choices(labels: readonly string[]): string[] {
  const words = labels.filter((label) => !isNumber(label)).map(quote);
  return [...ranges(labels.filter(isNumber)), ...words];
}

/** Beyond 15 digits a number isn't exact. */
const isNumber = (label: string): boolean => /^\d{1,15}$/.test(label);

/** Numbers of one spelling: without leading zeros, or all of one width with them, for a shell keeps the width. */
function ranges(labels: readonly string[]): string[] {
  const spelling = (label: string) => (label.length > 1 && label.startsWith("0") ? label.length : 0);
  const sorted = [...labels].sort((a, b) => spelling(a) - spelling(b) || Number(a) - Number(b));
  const runs: string[][] = [];
  for (const label of sorted) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (
      run !== undefined &&
      before !== undefined &&
      spelling(before) === spelling(label) &&
      Number(label) === Number(before) + 1
    )
      run.push(label);
    else runs.push([label]);
  }
  return runs.flatMap((run) => (run.length < 3 ? run : [`{${run[0]}..${run.at(-1)}}`]));
}

/** A backslash before all that a shell would take for something else. */
function quote(text: string): string {
  return text.replace(/[^\p{L}\p{N}_./:@%+=-]/gu, "\\$&");
}
