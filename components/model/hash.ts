/** 32-bit FNV-1a (draft-eastlake-fnv): spreads short strings well and needs no library. */
export function fnv1a(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/**
 * A short fingerprint of a text, 16 hex digits: two FNV-1a hashes with different seeds. Tells revisions apart; it is no
 * protection against somebody who wants two of a kind.
 */
export function fingerprint(text: string): string {
  return [fnv1a(text), fnv1a(text, 0x9747b28c)].map((part) => part.toString(16).padStart(8, "0")).join("");
}
