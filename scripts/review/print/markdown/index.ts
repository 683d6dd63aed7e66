import type { Review } from "../../../../components/review/types.ts";
import type { Report, Text } from "../content/blocks.ts";
import { commentDepth } from "../content/depth.ts";
import { reportOf } from "../content/report.ts";
import { shorten } from "../content/words.ts";
import { code, prose } from "../escape.ts";
import { bytes, fitBlock, fitSection, markdownText } from "./blocks.ts";
import { dangerList } from "./danger-list.ts";

export interface MarkdownOptions {
  /**
   * The longest that it may become, in bytes of UTF-8, so that it is no longer by any other count either. GitHub refuses bodies
   * of more than 65,536 characters by its own words; measured by others it is 65,536 code points for a pull request's description
   * and 262,144 bytes for a comment. Default 60,000.
   */
  readonly limit?: number;
  /** Where the whole report is, e.g. an address; Markdown. Default `in the artifact`. */
  readonly whole?: string;
}

/**
 * The first line of a stack's comment, by which it is found again. No name can end the comment in HTML.
 *
 * @param project path of the project in its repository, `.` for all of it; without it the line is that of a report alone
 */
export function marker(stack: string, project?: string): string {
  const place = project === undefined ? "" : ` in ${encodeURI(project).replaceAll("--", "-%2D")}`;
  return `<!-- hotspare:review:${stack.replaceAll("-->", "")}${place} -->`;
}

/** What the alarms may take, in bytes; more of them are cut, and are in the whole report. */
const alarmRoom = 8000;
const longestAlarm = 700;

/**
 * A review as one comment: the gravest on top, details folded. What has no room is left out from the bottom, and a last line says
 * so; every item that is deleted, replaced or protected is named nevertheless.
 */
export function markdown(
  review: Review,
  { limit = 60_000, whole = "in the artifact" }: MarkdownOptions = {},
): string {
  const report = reportOf(review, commentDepth);
  const end = (left: string) =>
    `\n\n---\n${left} is left out here for want of room; the whole report is ${whole}.`;
  const head = `${marker(report.stack)}\n## ${code(report.stack)}: ${prose(report.heading)}\n\n${report.summary.map((line) => markdownText(line)).join("  \n")}`;
  const room = limit - bytes(head) - bytes(end("")) - titleRoom(report) - 3;
  const alarms = alarmList(report.alarms, Math.min(alarmRoom, room));
  const dangers = dangerList(report.endangered, room - bytes(alarms.text) - 2 * gap);
  const parts = [head, ...callout(alarms.text), ...titled(dangers.text)];
  const left = [...(alarms.cut ? ["what is too long above"] : []), ...(dangers.cut ? ["names"] : [])];
  let free = room - parts.slice(1).reduce((sum, part) => sum + bytes(part) + gap, 0);
  for (const section of report.sections) {
    const { text, cut } = fitSection(section, free - gap);
    if (cut) left.push(section.title);
    if (text === "") continue;
    parts.push(text);
    free -= bytes(text) + gap;
  }
  const note = left.length === 0 ? "" : end(prose(left.join(", ")));
  return `${parts.join("\n\n")}${note}\n`;
}

/** Bytes between two parts. */
const gap = 2;

/** What the titles of all sections would take in the last line. */
function titleRoom({ sections }: Report): number {
  return sections.reduce((sum, { title }) => sum + bytes(prose(title)) + 2, 60);
}

function alarmList(alarms: readonly Text[], room: number) {
  const items = alarms.map((alarm) =>
    alarm.map((span) => (typeof span === "string" ? shorten(span, longestAlarm) : span)),
  );
  const cut = alarms.some((alarm) =>
    alarm.some((span) => typeof span === "string" && span.length > longestAlarm),
  );
  const fitted = fitBlock({ kind: "list", items }, room - 4 * items.length);
  return items.length === 0 ? { text: "", cut: false } : { text: fitted.text, cut: cut || fitted.cut };
}

/** GitHub shows such a quotation as a red box. */
function callout(text: string): string[] {
  if (text === "") return [];
  return [`> [!CAUTION]\n${text.replace(/^/gm, "> ")}`];
}

function titled(text: string): string[] {
  return text === "" ? [] : [`### Deleted, replaced, protected\n\n${text}`];
}
