import type { Box, Topology } from "../../../../components/review/compare/types.ts";
import { shorten } from "./words.ts";

/*
 * A topology as a Mermaid flowchart, with the machines that change marked: by a sign in front of their name, for who sees no
 * colours, and by a class. Whatever the data says, what comes out is boxes, arrows and quoted words: no link, no directive.
 */

type Action = NonNullable<Box["action"]>;

/** In front of the name of a machine that changes. */
export const signs: Readonly<Record<Action, string>> = {
  added: "+ ",
  removed: "− ",
  replaced: "↻ ",
  updated: "~ ",
};

/** Only lines, so that they can be seen on a light and on a dark page. */
const styles: Readonly<Record<Action, string>> = {
  added: "stroke:#2da44e,stroke-width:3px",
  removed: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
  replaced: "stroke:#bf8700,stroke-width:3px",
  updated: "stroke:#0969da,stroke-width:2px",
};

export function flowchart({ address, tier, balancers, door, aside, pools, routes }: Topology): string {
  const boxes = [
    ...balancers,
    ...(door === null ? [] : [door]),
    ...aside,
    ...pools.flatMap((pool) => pool.boxes),
  ];
  return [
    "flowchart LR",
    `  clients([clients]) --> address([${quoted(address ?? "address of the platform's balancer")}])`,
    ...(door === null ? [] : [`  ${drawn(door)} --> address`]),
    ...group("tier", `balancers: ${tier}`, balancers),
    "  address --> tier",
    ...group("aside", "wardens", aside),
    ...(aside.length === 0 ? [] : ["  aside -.-> tier"]),
    ...pools.flatMap((pool) => group(poolId(pool.name), pool.title, pool.boxes)),
    ...routes.map(({ path, pool }) => `  tier -- ${quoted(path)} --> ${poolId(pool)}`),
    ...classes(boxes),
  ].join("\n");
}

function group(id: string, title: string, boxes: readonly Box[]): string[] {
  if (boxes.length === 0) return [];
  return [`  subgraph ${id} [${quoted(title)}]`, ...boxes.map((box) => `    ${drawn(box)}`), "  end"];
}

function classes(boxes: readonly Box[]): string[] {
  return (Object.keys(styles) as Action[]).flatMap((action) => {
    const ids = boxes.filter((box) => box.action === action).map(boxId);
    return ids.length === 0
      ? []
      : [`  classDef ${action} ${styles[action]}`, `  class ${ids.join(",")} ${action}`];
  });
}

function drawn(box: Box): string {
  const sign = box.action === null ? "" : signs[box.action];
  return `${boxId(box)}[${quoted(`${sign}${box.label}`)}]`;
}

const boxId = ({ key }: Box) => `machine_${word(key)}`;
const poolId = (pool: string) => `pool_${word(pool)}`;

/** Names have hyphens, and an identifier with `--` in it would begin an arrow. */
const word = (name: string) => name.slice(0, longest).replace(/[^A-Za-z0-9_]/g, "_");

/** Characters of a word in a picture. */
const longest = 120;

/** Quoted text; what could mean something to Mermaid or HTML is written by its number. */
function quoted(words: string): string {
  const line = shorten(words, longest);
  return `"${line.replace(/[^\p{L}\p{N} ./:·…,+−↻~_-]/gu, (sign) => `#${sign.codePointAt(0)};`)}"`;
}
