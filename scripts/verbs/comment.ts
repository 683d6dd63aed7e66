import { type Command, InvalidArgumentError } from "commander";
import { projectPath } from "../review/git.ts";
import type { Outcome } from "../review/github/comments.ts";
import { type Posted, postReviews } from "../review/github/post.ts";
import { type Action, topicShown } from "../review/github/sticky.ts";
import { printJson, say } from "../terminal.ts";

interface CommentOptions {
  pullRequest?: number;
  repository?: string;
  json?: boolean;
}

const help = `
Reads GITHUB_TOKEN and, for GitHub Enterprise Server, GITHUB_API_URL. A folder
is taken for all reports of a run: the comment of a stack that has none in it
says "no change". docs/ci.md has the workflow.`;

export function registerComment(program: Command): void {
  program
    .command("comment")
    .description("Show saved reviews in a GitHub pull request: one comment a stack, updated in place.")
    .argument("<reports...>", "JSON files of `./hotspare review --format json --out …`, or their folder")
    .option("--pull-request <number>", "which one (default: the workflow's event tells)", positiveNumber)
    .option("--repository <owner/name>", "where it is (default: GITHUB_REPOSITORY)")
    .option("--json", "print what was done as one JSON document")
    .addHelpText("after", help)
    .action(comment);
}

async function comment(paths: string[], options: CommentOptions): Promise<void> {
  const posted = await postReviews({
    paths,
    pullRequest: options.pullRequest ?? null,
    repository: options.repository ?? null,
    project: await projectPath(),
    env: process.env,
    tell: (text) => process.stderr.write(`hotspare: ${text}\n`),
  });
  if (options.json) printJson(document(posted));
  else if (posted.kind === "nothing") say(`No comment: ${posted.reason}`);
  else for (const line of outcomeLines(posted.outcome)) say(`#${posted.pullRequest}: ${line}`);
}

/** Without the comments' texts, which are the reports that the caller has. */
function document(posted: Posted): unknown {
  if (posted.kind === "nothing") return posted;
  const { actions, untouched } = posted.outcome;
  return { ...posted, outcome: { actions: actions.map(({ kind, topic }) => ({ kind, topic })), untouched } };
}

const done: Readonly<Record<Action["kind"], string>> = {
  create: "comment made",
  update: "comment updated",
  delete: "second comment removed",
};

function outcomeLines({ actions, untouched }: Outcome): string[] {
  return [
    ...actions.map(({ topic, kind }) => `${topicShown(topic)}: ${done[kind]}`),
    ...untouched.map((topic) => `${topicShown(topic)}: nothing to do`),
  ];
}

function positiveNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number such as 12.");
}
