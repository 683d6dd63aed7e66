import { placed, type Span } from "./spans.ts";

const rowHeight = 22;

/** A flame picture in one HTML file that needs nothing from elsewhere: time to the right, work inside of work downwards. */
export function timingsHtml(title: string, sorted: readonly Span[], total: number): string {
  const rows = lanes(placed(sorted));
  const height = (Math.max(0, ...rows.map(({ lane }) => lane)) + 1) * rowHeight;
  const boxes = rows.map(({ name, start, end, lane }) => {
    const style = `left:${percent(start, total)};width:${percent(end - start, total)};top:${lane * rowHeight}px`;
    const words = escaped(`${name}: ${((end - start) / 1000).toFixed(2)} s`);
    return `<div class="box" style="${style}" title="${words}" tabindex="0">${words}</div>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
  :root { color-scheme: light dark; font: 13px system-ui, sans-serif; }
  body { margin: 1rem; }
  .flame { position: relative; height: ${height}px; }
  .box { position: absolute; box-sizing: border-box; height: ${rowHeight - 2}px; padding: 2px 4px; overflow: hidden; white-space: nowrap;
    text-overflow: ellipsis; border-radius: 2px; background: light-dark(#f5b971, #7a4a12); min-width: 2px; }
  .box:hover, .box:focus { outline: 2px solid; z-index: 1; }
</style>
<h1>${escaped(title)}</h1>
<p>${(total / 1000).toFixed(2)} s in all. Each box is a piece of work; its words are in its tooltip.</p>
<div class="flame">
${boxes.join("\n")}
</div>
</html>
`;
}

/** Rows of the picture: never above what it lies in, and below what is in its way. */
function lanes(spans: ReturnType<typeof placed>) {
  const ends: number[] = [];
  return spans.map((span) => {
    let lane = span.depth;
    while ((ends[lane] ?? 0) > span.start) lane++;
    ends[lane] = span.end;
    return { ...span, lane };
  });
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(3)}%`;

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
