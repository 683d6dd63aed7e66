import { type Command, InvalidArgumentError } from "commander";
import { exitCodes, UserError } from "../exit.ts";
import { writeComments } from "../review/files.ts";
import { headCommit, projectPath } from "../review/git.ts";
import type { Outcome } from "../review/github/comments.ts";
import { type Posted, postReviews } from "../review/github/post.ts";
import { type Action, topicShown } from "../review/github/sticky.ts";
import { noteReviews } from "../review/gitlab/post.ts";
import { printJson, say } from "../terminal.ts";

interface CommentOptions {
  pullRequest?: number;
  mergeRequest?: number;
  out?: string;
  repository?: string;
  cluster?: boolean;
  json?: boolean;
}

const help = `
On GitHub it reads GITHUB_TOKEN and, for GitHub Enterprise Server,
GITHUB_API_URL; on GitLab (in a merge request's pipeline, or with
--merge-request) GITLAB_TOKEN and CI_API_V4_URL. A folder is taken for all
reports of a run: the comment of a stack that has none in it says "no change".
docs/ci.md and docs/ci-elsewhere.md have the workflows.`;

export function registerComment(program: Command): void {
  program
    .command("comment")
    .description(
      "Show saved reviews in a pull request (GitHub) or merge request (GitLab): one comment a stack, updated in place.",
    )
    .argument("<reports...>", "JSON files of `./hotspare review --format json --out …`, or their folder")
    .option("--pull-request <number>", "which one (default: the workflow's event tells)", positiveNumber)
    .option("--merge-request <number>", "GitLab's, instead (default: CI_MERGE_REQUEST_IID)", positiveNumber)
    .option("--repository <owner/name>", "where it is (default: GITHUB_REPOSITORY, CI_PROJECT_ID)")
    .option("--cluster", "lead to the pull request's own cluster, which another workflow stands up (GitHub)")
    .option("--out <folder>", "write what would be commented, a Markdown file a stack, and post nothing")
    .option("--json", "print what was done as one JSON document")
    .addHelpText("after", help)
    .action(comment);
}

async function comment(paths: string[], options: CommentOptions): Promise<void> {
  if (options.out !== undefined) return writeFiles(paths, options.out, options.json === true);
  if (isForGitLab(options, process.env)) return note(paths, options);
  const posted = await postReviews({
    paths,
    pullRequest: options.pullRequest ?? null,
    repository: options.repository ?? null,
    project: await projectPath(),
    cluster: options.cluster === true,
    env: process.env,
    tell: (text) => process.stderr.write(`hotspare: ${text}\n`),
  });
  if (options.json) printJson(document(posted));
  else if (posted.kind === "nothing") say(`No comment: ${posted.reason}`);
  else for (const line of outcomeLines(posted.outcome)) say(`#${posted.pullRequest}: ${line}`);
}

/** @throws UserError for two places at once */
function isForGitLab({ pullRequest, mergeRequest }: CommentOptions, env: NodeJS.ProcessEnv): boolean {
  if (pullRequest !== undefined && mergeRequest !== undefined)
    throw new UserError("say --pull-request or --merge-request, not both", exitCodes.usage);
  return mergeRequest !== undefined || (pullRequest === undefined && env.GITLAB_CI === "true");
}

async function note(paths: string[], options: CommentOptions): Promise<void> {
  const noted = await noteReviews({
    paths,
    mergeRequest: options.mergeRequest ?? null,
    repository: options.repository ?? null,
    project: await projectPath(),
    env: process.env,
    tell: (text) => process.stderr.write(`hotspare: ${text}\n`),
  });
  if (options.json) {
    printJson(
      noted.kind === "nothing"
        ? noted
        : { ...noted, actions: noted.actions.map(({ kind, topic }) => ({ kind, topic })) },
    );
  } else if (noted.kind === "nothing") say(`No comment: ${noted.reason}`);
  else
    for (const line of outcomeLines({ actions: noted.actions, untouched: [] }))
      say(`!${noted.mergeRequest}: ${line}`);
}

async function writeFiles(paths: string[], out: string, json: boolean): Promise<void> {
  const files = writeComments(paths, out, { project: await projectPath(), commit: await headCommit() });
  if (json) printJson(files);
  else for (const file of files) say(file);
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
