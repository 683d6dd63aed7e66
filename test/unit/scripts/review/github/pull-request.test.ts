import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  afterRun,
  aPull,
  headSha,
  ownRun,
  post,
  reportFolder,
  reportsOf,
} from "../../../../support/github-run.ts";
import { GitHubStub, stubRepository, stubToken } from "../../../../support/github-stub.ts";
import { review } from "../../../../support/reviews.ts";

let stub: GitHubStub;

beforeEach(async () => {
  stub = await GitHubStub.start();
  stub.pulls.push(aPull(7));
});
afterEach(() => stub.stop());

describe("which pull request", () => {
  const fork = { full_name: "mallory/shop", owner: { login: "mallory" } };
  const forked = { sha: headSha, ref: "feature", repo: { full_name: "mallory/shop" } };

  test("that of a fork is found by the fork's owner and branch", async () => {
    stub.pulls.push(aPull(8, { head: forked }));
    expect(
      await post({ paths: [reportsOf("dev")], env: afterRun(stub, { head_repository: fork }) }),
    ).toMatchObject({
      pullRequest: 8,
    });
  });

  test("one at another commit than the run's gets no comment", async () => {
    stub.pulls.splice(
      0,
      1,
      aPull(7, { head: { ...forked, sha: "d".repeat(40), repo: { full_name: stubRepository } } }),
    );
    expect(await post({ paths: [reportsOf("dev")], env: afterRun(stub) })).toMatchObject({ kind: "nothing" });
    expect(stub.writes).toEqual([]);
  });

  test("a closed one and a deleted fork get none", async () => {
    stub.pulls.splice(0, 1, aPull(7, { state: "closed" }));
    expect(await post({ paths: [reportsOf("dev")], env: afterRun(stub) })).toMatchObject({ kind: "nothing" });
    expect(
      await post({ paths: [reportsOf("dev")], env: afterRun(stub, { head_repository: null }) }),
    ).toMatchObject({
      kind: "nothing",
    });
  });

  test("a repository of the same owner with a branch of that name is not the head's", async () => {
    stub.pulls.splice(0, 1, aPull(7, { head: { ...forked, repo: { full_name: "acme/other" } } }));
    expect(await post({ paths: [reportsOf("dev")], env: afterRun(stub) })).toMatchObject({ kind: "nothing" });
  });

  test("two of one head are told apart by the base", async () => {
    stub.pulls.push(aPull(9, { base: { ref: "release/2" } }));
    const onto = (ref: string) => [
      reportFolder({ "dev.json": review({ stack: "dev", base: { ref, commit: null, dirty: false } }) }),
    ];
    expect(await post({ paths: onto("origin/release/2"), env: afterRun(stub) })).toMatchObject({
      pullRequest: 9,
    });
    expect(await post({ paths: onto("origin/main"), env: afterRun(stub) })).toMatchObject({ pullRequest: 7 });
    await expect(post({ paths: onto("0123abc"), env: afterRun(stub) })).rejects.toThrow("#7, #9");
  });

  test("in its own run: the event's, unless it has moved on", async () => {
    expect(await post({ paths: [reportsOf("dev")], env: ownRun(stub, 7) })).toMatchObject({ pullRequest: 7 });
    expect(await post({ paths: [reportsOf("dev")], env: ownRun(stub, 7, "d".repeat(40)) })).toMatchObject({
      kind: "nothing",
    });
  });

  test("elsewhere: the one that is named, and one must be", async () => {
    const env = { GITHUB_TOKEN: stubToken, GITHUB_API_URL: stub.url };
    const paths = [reportsOf("dev")];
    const request = { paths, env, repository: stubRepository };
    expect(await post({ ...request, pullRequest: 7 })).toMatchObject({ pullRequest: 7 });
    await expect(post(request)).rejects.toThrow("--pull-request");
    await expect(post({ ...request, pullRequest: 99 })).rejects.toThrow("#99");
    await expect(post({ ...request, repository: "shop", pullRequest: 7 })).rejects.toThrow(
      '"shop" is no repository',
    );
  });
});
