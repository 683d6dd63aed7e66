import { counted } from "../../../components/model/words.ts";
import type { Review } from "../../../components/review/types.ts";

import { code } from "../print/escape.ts";
import { markdown, marker } from "../print/markdown/index.ts";
import type { Reports } from "./reports.ts";
import { everyStack, projectOf, stackOf, type Topic, topicIn, type Wanted } from "./sticky.ts";

/** What the comments are about, from GitHub itself and not from the reports. */
export interface About {
  /** Path of the project in its repository, `.` for all of it: a repository may have several, each with a stack `dev`. */
  readonly project?: string | undefined;
  /** Commit at the head of the pull request. */
  readonly commit: string;
  /** Page of the run that made the reports; null outside of workflows. */
  readonly runUrl: string | null;
  /** Where the pull request's own cluster answers; left out where it has none. */
  readonly clusterUrl?: string | null;
  /** How that run ended, e.g. `failure`; null when it is the one we are in. */
  readonly conclusion: string | null;
}

/** Bytes of a report where GitHub takes the usual 60,000 for too many. */
const shortLimit = 20_000;

/** What the comments of a pull request should say. */
export function wantedComments({ reviews, problems, complete }: Reports, about: About): Wanted {
  const lost = reviews.length === 0 && problems.length === 0;
  const bodies = new Map<Topic, string>();
  const topic = (stack: string) => topicIn(stack, about.project);
  if (lost || problems.length > 0) bodies.set(topic(everyStack), brokenRun(problems, about));
  for (const review of reviews) bodies.set(topic(review.stack), reportBody(review, about));
  const short = new Map(
    reviews.map((review) => [topic(review.stack), reportBody(review, about, shortLimit)]),
  );
  const unchanged = reviews.filter(({ verdict }) => verdict === "unchanged").map(({ stack }) => topic(stack));
  return {
    bodies,
    short,
    // What another project of the repository has said is not for this one to take back.
    stale: (topic) => (complete && projectOf(topic) === about.project ? staleBody(topic, lost, about) : null),
    onlyWhereThere: new Set(unchanged),
  };
}

function reportBody(review: Review, about: About, limit?: number): string {
  const whole =
    about.runUrl === null ? "in the job's artifact" : `in the artifact of [the run](${about.runUrl})`;
  const report = markdown(review, { whole, ...(limit === undefined ? {} : { limit }) });
  const [, heading = "", ...rest] = report.trimEnd().split("\n");
  const lines = [marker(review.stack, about.project), inProject(heading, review.stack, about), ...rest];
  return `${lines.join("\n")}\n\n${footer(about)}\n`;
}

/** A heading that says which project's stack it is, where that isn't all of the repository. */
function inProject(heading: string, stack: string, { project }: About): string {
  if (project === undefined || project === ".") return heading;
  return heading.replace(code(stack), () => `${code(stack)} in ${code(project)}`);
}

/** Of which commit and run it speaks. */
function footer({ commit, runUrl, clusterUrl = null }: About): string {
  const run = runUrl === null ? "" : ` · [run](${runUrl})`;
  const cluster = clusterUrl === null ? "" : ` · [cluster](${clusterUrl})`;
  return `<sub>for commit ${commit}${run}${cluster}</sub>`;
}

/** For comments of stacks that the newest run has no report of. */
function staleBody(topic: Topic, lost: boolean, about: About): string {
  const stack = stackOf(topic);
  const [headline, text] =
    stack === everyStack
      ? ["Review", "The newest run has its reports again; every stack that changes has its comment."]
      : lost
        ? [
            inProject(`${code(stack)}: no report`, stack, about),
            "The newest run ended without a report. What was said here of an older commit is taken away.",
          ]
        : [
            inProject(`${code(stack)}: no change`, stack, about),
            "The pull request changes nothing of this stack any more.",
          ];
  return `${marker(stack, about.project)}\n## ${headline}\n\n${text}\n\n${footer(about)}\n`;
}

function brokenRun(problems: readonly string[], about: About): string {
  const text =
    problems.length > 0
      ? `${counted(problems.length, "report")} could not be used:\n\n${problems.map((problem) => `- ${code(problem)}`).join("\n")}`
      : `The run ended with ${code(about.conclusion ?? "")} and without a report. Its log says why.`;
  return `${marker(everyStack, about.project)}\n## Review failed\n\n${text}\n\n${footer(about)}\n`;
}
