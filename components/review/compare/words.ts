/** A part of the whole, 0–1, in per cent: whole ones from 10 on, and two digits that say something below. */
export function percent(part: number): string {
  const value = Math.abs(part) * 100;
  return `${value >= 9.95 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/** A quotient as growth: 1.67 is `+67 %`, 0.5 is `−50 %`. */
export function growth(quotient: number): string {
  return `${quotient < 1 ? "−" : "+"}${percent(quotient - 1)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** At most `most` of the words, and how many more there are. */
export function firstOf(words: readonly string[], most: number): string {
  return words.length <= most
    ? listed(words)
    : `${words.slice(0, most).join(", ")} and ${words.length - most} more`;
}

/** Keys as people count them: `web-2` before `web-10`. The same everywhere, so no locale of the machine's. */
export function byKey(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x = "", y = ""] = [left[index], right[index]];
    if (x === y) continue;
    const numbers = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    return numbers !== 0 ? numbers : x < y ? -1 : 1;
  }
  return 0;
}

const split = (key: string): string[] => key.match(/\d+|\D+/g) ?? [];
