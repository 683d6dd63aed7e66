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
    return renderMermaidSVG(entities(source), {
      bg: "#ffffff",
      fg: "#1f2328",
      font: "sans-serif",
      padding: 12,
    })
      .replace(/@import url\([^)]*\);/, "")
      .replace("<svg ", '<svg aria-hidden="true" ');
  } catch {
    return null;
  }
}

/** Mermaid writes `#quot;` where HTML has `&quot;`. */
function entities(source: string): string {
  return source.replace(/#(\w+);/g, (_, name) => (/^\d+$/.test(name) ? `&#${name};` : `&${name};`));
}
