import { visible } from "../../../visible.ts";
import type { Endangered } from "../content/blocks.ts";
import { byFate, dangerGroups } from "../content/endangered.ts";
import { fence } from "../escape.ts";
import { compact, type Grain } from "../names.ts";
import { bytes, type Fitted, markdownText } from "./blocks.ts";

/** Beyond so many bytes reasons give way, so that the names leave room for what else there is to say. */
const largestWithReasons = 16_000;

/**
 * Everything that is deleted, replaced or protected, by name. With reasons while that is short; else the names alone, what they
 * share written once; and only where the names themselves are longer than the room, as many as fit and how many are missing.
 */
export function dangerList(all: readonly Endangered[], room: number): Fitted {
  if (all.length === 0) return { text: "", cut: false };
  const reasons = withReasons(all);
  if (bytes(reasons) <= Math.min(room, largestWithReasons)) return { text: reasons, cut: false };
  for (const grain of ["words", "letters"] as const) {
    const text = namesAlone(all, grain);
    if (bytes(text) <= room) return { text, cut: false };
  }
  return { text: asManyAsFit(all, room), cut: true };
}

function withReasons(all: readonly Endangered[]): string {
  return dangerGroups(all)
    .map(({ title, lines }) => `**${title}**\n\n${lines.map((line) => `- ${markdownText(line)}`).join("\n")}`)
    .join("\n\n");
}

const howToRead =
  "Component, type and name; shared parts as in a shell: `web-{1..3}` is web-1, web-2, web-3.";

function namesAlone(all: readonly Endangered[], grain: Grain): string {
  const lists = byFate(all).map(({ title, of }) => {
    const lines = grain === "letters" ? compact(of.map(identity), grain) : byPlace(of);
    const { open, close } = fence("", lines);
    return `**${title}**\n\n${open}\n${lines.join("\n")}\n${close}`;
  });
  return [howToRead, ...lists].join("\n\n");
}

/** A line for each component and type. */
function byPlace(of: readonly Endangered[]): string[] {
  const places = Map.groupBy(of, ({ component, type }) => JSON.stringify([component, type]));
  return [...places.values()].flatMap((group) => compact(group.map(identity)));
}

function identity({ component, type, name }: Endangered): string {
  return visible([...component, type, name].join("/")).replaceAll("\n", "␊");
}

/** The gravest come first, so those that are missing are the least grave. */
function asManyAsFit(all: readonly Endangered[], room: number): string {
  const missing = (named: number) =>
    `**${all.length - named} more are not named here:** their names alone are longer than a comment can be.`;
  let [most, tooMany] = [0, all.length];
  while (tooMany - most > 1) {
    const middle = (most + tooMany) >> 1;
    if (bytes(namesAlone(all.slice(0, middle), "letters")) + bytes(missing(0)) + 2 <= room) most = middle;
    else tooMany = middle;
  }
  return `${missing(most)}\n\n${namesAlone(all.slice(0, most), "letters")}`;
}
