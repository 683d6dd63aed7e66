/** How the commands end. Distinct, so that a script can tell what happened; `./hotspare --help` lists them, by their {@link exitMeanings}. */
export const exitCodes = {
  ok: 0,
  /** Something failed that has no code of its own. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The stack file has problems. */
  stackProblems: 3,
  /** Docker, Pulumi or another tool is missing and could not be set up, or nobody is signed in to AWS. */
  missingTool: 4,
  /** The cluster is there but not as it should be. */
  degraded: 5,
  /** There is no such stack, or nothing of it runs. */
  nothingThere: 6,
  /** Somebody has locked the stack. */
  locked: 7,
  /** A review's verdict: there are changes, and nothing is deleted or replaced. */
  reviewChanged: 10,
  /** A review's verdict: something is deleted or replaced. */
  reviewDestructive: 11,
  /** A review's verdict: what runs isn't what the state says. */
  reviewDrift: 12,
  /** A review's verdict: there is a danger that the stack doesn't acknowledge, or a policy forbids the change. */
  reviewViolated: 13,
  /** A reviewed plan is not what would be done now; nothing was changed. */
  planRefused: 14,
  /** Ended by Ctrl-C or a signal, after cleaning up. */
  interrupted: 130,
} as const;

/** The same for people, in one line each. README.md has them as a table, held by a test. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "done",
  failed: "failed",
  usage: "the command line is wrong",
  stackProblems: "the stack file has problems",
  missingTool: "a tool is missing and could not be set up, or nobody is signed in",
  degraded: "the cluster is there, but not as planned",
  nothingThere: "there is no such stack, or nothing of it runs",
  locked: "somebody has locked the stack",
  reviewChanged: "a review: there are changes",
  reviewDestructive: "a review: something is deleted or replaced",
  reviewDrift: "a review: what runs is not what the state says",
  reviewViolated: "a review: a danger that the stack does not acknowledge",
  planRefused: "a saved plan is not what would be done now; nothing was changed",
  interrupted: "interrupted",
};

/** An error whose message is meant for the person at the keyboard; printed without a stack trace. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
