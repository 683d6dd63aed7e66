import { describe, expect, test } from "vitest";
import { failure, LockedError, withoutEngine } from "../../../../scripts/engine/stack.ts";

describe("what the engine says when it fails", () => {
  test.each([
    [
      "a full disk",
      "write /var/lib/docker/x: no space left on device",
      "The disk is full. `docker system df`",
    ],
    [
      "Docker gone midway",
      "Cannot connect to the Docker daemon at unix:///x",
      "Docker has stopped. Start it",
    ],
    [
      "another account",
      "error: AWS account ID not allowed: 123456789012",
      "another account than platform.account",
    ],
    ["credentials that end midway", "api error ExpiredToken: the token is expired", "Sign in to AWS"],
    ["a right that is missing", "api error UnauthorizedOperation: You are not authorized", "lack a right"],
    ["a quota", "api error VcpuLimitExceeded: You have requested more vCPU capacity", "Service Quotas"],
    ["another person's passphrase", "error: incorrect passphrase", "was made with another passphrase"],
  ])("%s comes with the way out, after the engine's own words", (_, words, advice) => {
    const [first, second] = failure(words).message.split("\n");
    expect(first).toBe(words);
    expect(second).toContain(advice);
  });

  test("anything else is passed on as it is", () => {
    expect(failure("creating dev-web-1: something").message).toBe("creating dev-web-1: something");
    // Too many calls at once are no quota, and AWS's own words say so.
    expect(failure("RequestLimitExceeded: slow down").message).toBe("RequestLimitExceeded: slow down");
  });

  test("a lock is told apart: nobody goes by the labels while somebody else is at work", () => {
    expect(failure("the stack is currently locked by 1 lock(s)")).toBeInstanceOf(LockedError);
    expect(failure("no space left on device")).not.toBeInstanceOf(LockedError);
  });
});

test.each([
  [
    'before hook "dev-lb-1-deliver" failed: web-1 does not pass\n    its log\nupdate failed',
    "web-1 does not pass\n    its log",
  ],
  ["error: no space left\nupdate failed", "error: no space left"],
  ["update failed", "update failed"],
])("of %j the person reads what went wrong", (errors, words) => {
  expect(withoutEngine(errors)).toBe(words);
});
