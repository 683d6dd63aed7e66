import { writeWhole } from "../../infra/whole-file.ts";
import { timingsHtml } from "./html.ts";
import { clock, spans } from "./spans.ts";
import { timingsText } from "./text.ts";

/** What a person has asked for. */
export interface TimingsOptions {
  readonly timings?: boolean;
  /** A file for the picture. */
  readonly html?: string;
}

/** Tells where the time of this command went until now, on stderr and in a file. */
export function printTimings(title: string, { timings, html }: TimingsOptions): void {
  if (!timings && html === undefined) return;
  const [all, total] = [spans(), clock()];
  if (timings) process.stderr.write(`\n${timingsText(all, total)}\n`);
  if (html !== undefined) writeWhole(html, timingsHtml(title, all, total));
}
