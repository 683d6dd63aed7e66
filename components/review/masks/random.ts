/** Hashes, ids, addresses and the like, which look random and are no secrets. */
const harmless = [
  /^(?:sha(?:1|224|256|384|512)|md5|h1)[:=-]/i,
  /^[0-9a-f]+$/i,
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^(?:urn|arn):/,
  /^[a-z][a-z0-9+.-]*:\/\//i,
  /@sha256:/,
  /^[$<{]/,
];

const fewest = 16;

/** Longer than what stands under such names; what is longer is text or data. */
export const longestRandom = 256;

/** Bits for each character from which a text of 16 and more counts as random; English words have about 3 and no digits. */
const bits = 3;

/** Whether a text looks like what a generator made: long, of mixed kinds, without a pattern, and no hash, id or address. */
export function looksRandom(text: string): boolean {
  if (
    text.length < fewest ||
    text.length > longestRandom ||
    !/^[\w+/=.~:$!@#%^&*-]+$/.test(text) ||
    harmless.some((form) => form.test(text))
  )
    return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((kind) => kind.test(text)).length;
  return kinds >= 2 && entropy(text) >= bits && !isWords(text);
}

/** Whether a text is a name made of words and numbers, such as `web-cold-1.internal.example` or `HTTP_2_SERVER`. */
export function isWords(text: string): boolean {
  return text
    .split(/[-_./:=]/)
    .every((part) => /^(?:[A-Za-z]?[a-z]+|[A-Z]+|[a-z]*\d{1,5}|\d{0,5}[a-z]{0,4}|)$/.test(part));
}

/** Shannon entropy, bits for each character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum -= (count / text.length) * Math.log2(count / text.length);
  return sum;
}

/** Whether a text is words as programs join them: `keyStorePassword`, `spring.datasource.password`. */
export function isCamelWords(text: string): boolean {
  const parts = text.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).filter((part) => part !== "");
  return (
    text.length >= 3 * parts.length && parts.every((part) => /^(?:[A-Za-z]?[a-z]+|[A-Z]+)\d{0,3}$/.test(part))
  );
}
