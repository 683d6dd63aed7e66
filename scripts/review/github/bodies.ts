import { counted } from "../../../components/model/words.ts";
import type { Review } from "../../../components/review/types.ts";

import { code } from "../print/escape.ts";
import { markdown, marker } from "../print/markdown/index.ts";
import type { Reports } from "./reports.ts";
import { everyStack, type Topic, type Wanted } from "./sticky.ts";

/** What the comments are about, from GitHub itself and not from the reports. */
export interface About {
  /** Commit at the head of the pull request. */
  readonly commit: string;
  /** Page of the run that made the reports; null outside of workflows. */
  readonly runUrl: string | null;
  /** How that run ended, e.g. `failure`; null when it is the one we are in. */
  readonly conclusion: string | null;
}

/** Bytes of a report where GitHub takes the usual 60,000 for too many. */
const shortLimit = 20_000;

/** What the comments of a pull request should say. */
export function wantedComments({ reviews, problems, complete }: Reports, about: About): Wanted {
  const lost = reviews.length === 0 && problems.length === 0;
  const bodies = new Map<Topic, string>();
  if (lost || problems.length > 0) bodies.set(everyStack, brokenRun(problems, about));
  for (const review of reviews) bodies.set(review.stack, reportBody(review, about));
  const short = new Map(reviews.map((review) => [review.stack, reportBody(review, about, shortLimit)]));
  const unchanged = reviews.filter(({ verdict }) => verdict === "unchanged").map(({ stack }) => stack);
  return {
    bodies,
    short,
    stale: (topic) => (complete ? staleBody(topic, lost, about) : null),
    onlyWhereThere: new Set(unchanged),
  };
}

function reportBody(review: Review, about: About, limit?: number): string {
  const whole =
    about.runUrl === null ? "in the job's artifact" : `in the artifact of [the run](${about.runUrl})`;
  const report = markdown(review, { whole, ...(limit === undefined ? {} : { limit }) });
  return `${report.trimEnd()}\n\n${footer(about)}\n`;
}

/** Of which commit and run it speaks. */
function footer({ commit, runUrl }: About): string {
  const run = runUrl === null ? "" : ` · [run](${runUrl})`;
  return `<sub>for commit ${commit}${run}</sub>`;
}

/** For comments of stacks that the newest run has no report of. */
function staleBody(topic: Topic, lost: boolean, about: About): string {
  const [headline, text] =
    topic === everyStack
      ? ["Review", "The newest run has its reports again; every stack that changes has its comment."]
      : lost
        ? [
            `${code(topic)}: no report`,
            "The newest run ended without a report. What was said here of an older commit is taken away.",
          ]
        : [`${code(topic)}: no change`, "The pull request changes nothing of this stack any more."];
  return `${marker(topic)}\n## ${headline}\n\n${text}\n\n${footer(about)}\n`;
}

function brokenRun(problems: readonly string[], about: About): string {
  const text =
    problems.length > 0
      ? `${counted(problems.length, "report")} could not be used:\n\n${problems.map((problem) => `- ${code(problem)}`).join("\n")}`
      : `The run ended with ${code(about.conclusion ?? "")} and without a report. Its log says why.`;
  return `${marker(everyStack)}\n## Review failed\n\n${text}\n\n${footer(about)}\n`;
}
