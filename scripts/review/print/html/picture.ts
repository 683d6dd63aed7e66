import { renderMermaidSVG } from "beautiful-mermaid";

/** Beyond so many characters a flowchart takes seconds to lay out, and shows nobody anything. */
const largest = 20_000;

/**
 * A Mermaid flowchart as SVG, drawn here and not in the reader's browser: nothing to load, no script, and a picture also where a
 * site forbids scripts to the files that it serves. Null for what can't be drawn.
 */
export function picture(source: string): string | null {
  if (source.length > largest) return null;
  try {
    return renderMermaidSVG(source.replace(groupBegins, "$&\n  direction LR").replace(/#(\w+);/g, entity), {
      bg: "#ffffff",
      fg: "#1f2328",
      font: "Arial",
      padding: 12,
    })
      .replace(/@import url\([^)]*\);/, "")
      .replace("<svg ", '<svg aria-hidden="true" ');
  } catch {
    return null;
  }
}

/** With a direction of its own a group is laid out by itself: its boxes stay inside of it, in a few columns. */
const groupBegins = /^ *subgraph .*$/gm;

/** Mermaid writes `#quot;` and `#37;` where HTML has `&quot;` and `&#37;`. */
function entity(_: string, name: string): string {
  return /^\d+$/.test(name) ? `&#${name};` : `&${name};`;
}
