import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../../../../../infra/context.ts";
import { afterRun, aPull, reportsOf } from "../../../../support/github-run.ts";
import { GitHubStub, stubToken } from "../../../../support/github-stub.ts";

let stub: GitHubStub;

beforeEach(async () => {
  stub = await GitHubStub.start();
  stub.pulls.push(aPull(7));
});
afterEach(() => stub.stop());

/** The real command, as a workflow's step runs it. */
function comment(env: NodeJS.ProcessEnv, ...args: string[]) {
  return execa(process.execPath, ["scripts/cli.ts", "comment", ...args], {
    cwd: projectRoot,
    env,
    reject: false,
  });
}

test("the command posts, tells what it did, and never the token", async () => {
  const { exitCode, stdout, stderr } = await comment(afterRun(stub), reportsOf("dev"));
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "#7: dev: comment made" });
  expect(stub.comments).toHaveLength(1);
  expect(stdout + stderr).not.toContain(stubToken);
});

test("a wrong number is a wrong command line, and a missing right is a failure that says so", async () => {
  const wrong = await comment(afterRun(stub), reportsOf("dev"), "--pull-request", "seven");
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("a number such as 12") });
  stub.mayWrite = false;
  const refused = await comment(afterRun(stub), reportsOf("dev"));
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("pull-requests: write") });
  expect(refused.stdout + refused.stderr).not.toContain(stubToken);
});
