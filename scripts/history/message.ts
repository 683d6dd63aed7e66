import { hostname, userInfo } from "node:os";

/*
 * The message that an operation bears in the backend's history: what it was in words, who did it, and of which stack. Backends keep
 * one text and, unlike Pulumi's own service, not who ran it; so the facts stand at its end, as trailers of a commit message do, and
 * any tool that lists the history shows them.
 */

export interface Message {
  /** What changed for the service, a sentence each; empty where nobody could tell. */
  readonly summary: readonly string[];
  /** e.g. `alice@build-7`; null in messages that are not of this kit. */
  readonly by: string | null;
  /** Tells one stack source from another, as {@link sourceHash} in summary.ts does; null where it is unknown. */
  readonly source: string | null;
}

/** Beyond that a summary is a report, and the review is the place for it. */
const maximumLines = 20;
const maximumLine = 300;

export function formatMessage({ summary, by, source }: Message): string {
  const lines = summary.slice(0, maximumLines).map((line) => line.replace(/\s+/g, " ").slice(0, maximumLine));
  const left = summary.length - lines.length;
  if (left > 0) lines.push(`and ${left} more`);
  const trailers = [
    ...(by === null ? [] : [`By: ${by}`]),
    ...(source === null ? [] : [`Stack-Source: ${source}`]),
  ];
  return [...lines, "", ...trailers].join("\n").trim();
}

const trailer = /^(By|Stack-Source): (\S.*)$/;

/** The reverse; of a message by others every line is summary. */
export function parseMessage(text: string): Message {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const facts: Record<string, string> = {};
  while (lines.length > 0) {
    const [, name, value] = trailer.exec(lines.at(-1) ?? "") ?? [];
    if (name === undefined || value === undefined || name in facts) break;
    facts[name] = value;
    lines.pop();
  }
  return {
    summary: lines.filter((line) => line !== ""),
    by: facts.By ?? null,
    source: facts["Stack-Source"] ?? null,
  };
}

/** Who runs this: in CI whom its system names, else the user of this machine. */
export function whoRuns(env: NodeJS.ProcessEnv = process.env): string {
  const person = env.GITHUB_ACTOR || env.GITLAB_USER_LOGIN;
  return `${person || userName(env)}@${hostname()}`;
}

/** A container may run under a number that has no name. */
function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER || `uid-${process.getuid?.() ?? "unknown"}`;
  }
}
