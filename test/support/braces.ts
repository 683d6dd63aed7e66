/** What bash makes of one word with braces: its alternatives and ranges of numbers, one after the other. */
export function expandBraces(word: string): string[] {
  const reader = { word, at: 0 };
  const found = sequence(reader, "");
  if (reader.at < word.length) throw new Error(`"${word}" has a brace too many at ${reader.at}`);
  return found;
}

interface Reader {
  readonly word: string;
  at: number;
}

/** Up to one of the characters in `ends`, which is left where it is. */
function sequence(reader: Reader, ends: string): string[] {
  let found = [""];
  while (reader.at < reader.word.length && !ends.includes(reader.word.charAt(reader.at))) {
    const next = reader.word.charAt(reader.at) === "{" ? braces(reader) : [literal(reader)];
    found = found.flatMap((head) => next.map((tail) => head + tail));
  }
  return found;
}

function literal(reader: Reader): string {
  if (reader.word.charAt(reader.at) === "\\") reader.at += 1;
  const character = String.fromCodePoint(reader.word.codePointAt(reader.at) ?? 0);
  reader.at += character.length;
  return character;
}

function braces(reader: Reader): string[] {
  const range = /^\{(\d+)\.\.(\d+)\}/.exec(reader.word.slice(reader.at));
  if (range !== null) {
    const [whole, from = "", to = ""] = range;
    reader.at += whole.length;
    const width = from.startsWith("0") && from.length > 1 ? from.length : 0;
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) =>
      String(Number(from) + index).padStart(width, "0"),
    );
  }
  const choices: string[] = [];
  do {
    reader.at += 1;
    choices.push(...sequence(reader, ",}"));
  } while (reader.word.charAt(reader.at) === ",");
  reader.at += 1;
  return choices;
}
