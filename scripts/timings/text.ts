import { placed, type Span } from "./spans.ts";

/** Columns of the bars. */
const width = 32;

/** A line for each span: when it began, how long it took, and a bar on the whole's scale. @param total milliseconds of the whole */
export function timingsText(sorted: readonly Span[], total: number): string {
  const lines = placed(sorted).map(({ name, start, end, depth }) => {
    const [from, to] = [start, end].map((at) => Math.round((at / total) * width)) as [number, number];
    const bar = `${" ".repeat(from)}${"█".repeat(Math.max(1, to - from))}`.slice(0, width).padEnd(width);
    return `${seconds(start)}  ${seconds(end - start)}  ${bar}  ${"  ".repeat(depth)}${name}`;
  });
  return ["  began     took", ...lines, `${" ".repeat(9)}${seconds(total)}  in all`].join("\n");
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2).padStart(6)}s`;
