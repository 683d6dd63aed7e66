import type { Review, Verdict } from "../../../components/review/types.ts";
import { count } from "../../text.ts";
import type { Reports } from "./reports.ts";
import { everyStack, marker, type Topic, type Wanted } from "./sticky.ts";

/** What the comments are about, from GitHub itself and not from the reports. */
export interface About {
  /** Commit at the head of the pull request. */
  readonly commit: string;
  /** Page of the run that made the reports; null outside of workflows. */
  readonly runUrl: string | null;
  /** How that run ended, e.g. `failure`; null when it is the one we are in. */
  readonly conclusion: string | null;
}

/**
 * GitHub takes 65,536 characters of four bytes each. UTF-16 units are counted, so a character beyond the basic plane counts twice
 * and the sum is never too low.
 */
export const maximumLength = 65_536;

/**
 * What the comments of a pull request should say.
 *
 * @param print a review as Markdown, with its marker in the first line
 */
export function wantedComments(reports: Reports, about: About, print: (review: Review) => string): Wanted {
  const { reviews, problems, complete } = reports;
  const lost = reviews.length === 0 && problems.length === 0;
  const bodies = new Map<Topic, string>();
  const short = new Map<Topic, string>();
  for (const review of reviews) {
    short.set(review.stack, shortForm(review, about));
    bodies.set(review.stack, fitting(`${print(review).trimEnd()}\n\n${footer(about)}\n`, review, about));
  }
  if (lost || problems.length > 0) bodies.set(everyStack, brokenRun(problems, about));
  return {
    bodies,
    short,
    stale: (topic) => (complete ? staleBody(topic, lost, about) : null),
    onlyWhereThere: new Set(
      reviews.filter(({ verdict }) => verdict === "unchanged").map(({ stack }) => stack),
    ),
  };
}

function fitting(body: string, review: Review, about: About): string {
  return body.length <= maximumLength ? body : shortForm(review, about);
}

const verdictWords: Readonly<Record<Verdict, string>> = {
  unchanged: "no change",
  changed: "changes",
  destructive: "changes that delete or replace",
  drift: "what runs is not what the state says",
  violated: "a rule is violated",
  failed: "something could not be looked at",
};

/** What is said of a review that fits into no comment. Names nothing of the report, so it always fits. */
function shortForm(review: Review, about: About): string {
  const dangers = review.risks.filter((risk) => risk.severity === "danger" && risk.acknowledged === null);
  const machines = review.change?.machines ?? [];
  const of = (action: string) => machines.filter((machine) => machine.action === action).length;
  const lines = [
    marker(review.stack),
    `### \`${review.stack}\`: ${verdictWords[review.verdict]}`,
    `${count(of("added"), "machine")} added, ${of("removed")} removed, ${of("replaced")} replaced, ${of("updated")} updated; ${count(dangers.length, "unacknowledged danger")}.`,
    "The report is too long for a comment: it is in the artifact of the run.",
    footer(about),
  ];
  return `${lines.join("\n\n")}\n`;
}

/** Of which commit and run it speaks; the whole report lies there. */
function footer({ commit, runUrl }: About): string {
  const run = runUrl === null ? "" : ` · [run and whole report](${runUrl})`;
  return `<sub>for commit ${commit}${run}</sub>`;
}

/** For comments of stacks that the newest run has no report of. */
function staleBody(topic: Topic, lost: boolean, about: About): string {
  const [headline, text] =
    topic === everyStack
      ? ["Review", "The newest run has its reports again; every stack that changes has its comment."]
      : lost
        ? [
            `\`${topic}\`: no report`,
            "The newest run ended without a report, so what was said here of an older commit is taken away.",
          ]
        : [`\`${topic}\`: no change`, "The pull request changes nothing of this stack any more."];
  return `${marker(topic)}\n\n### ${headline}\n\n${text}\n\n${footer(about)}\n`;
}

function brokenRun(problems: readonly string[], about: About): string {
  const lines = [
    marker(everyStack),
    "### Review failed",
    problems.length > 0
      ? `${count(problems.length, "report")} could not be used:`
      : `The run ended with \`${about.conclusion}\` and without a report. Its log says why.`,
    ...(problems.length > 0 ? [problems.map((problem) => `    ${problem}`).join("\n")] : []),
    footer(about),
  ];
  return `${lines.join("\n\n")}\n`;
}
