import { afterEach, beforeEach, expect, test } from "vitest";
import { afterRun, aPull, post, reportsOf } from "../../../../support/github-run.ts";
import { GitHubStub, type StubAnswer } from "../../../../support/github-stub.ts";

let stub: GitHubStub;

beforeEach(async () => {
  stub = await GitHubStub.start();
  stub.pulls.push(aPull(7));
});
afterEach(() => stub.stop());

/** What GitHub says of the deployments of an environment, look by look; the last one stays. */
function deployments(environment: string, ...states: readonly object[]): void {
  let looks = 0;
  stub.instead = ({ path }): StubAnswer | null => {
    if (path.includes("/deployments/5/statuses"))
      return { status: 200, body: [states[Math.min(looks++, states.length - 1)]].filter(Boolean) };
    if (!path.includes("/deployments")) return null;
    return { status: 200, body: path.includes(`environment=${environment}&`) ? [{ id: 5 }] : [] };
  };
}

const footer = async (cluster = true) => {
  await post({ paths: [reportsOf("dev")], env: afterRun(stub), cluster });
  return stub.comments[0]?.body.trimEnd().split("\n").at(-1) ?? "";
};
const up = (environment_url: string) => ({ state: "success", environment_url });

test("the comment leads to the pull request's own cluster", async () => {
  deployments("pr-7", up("https://p20123.clusters.example.com"));
  expect(await footer()).toContain("· [cluster](https://p20123.clusters.example.com/)");
});

test("one that is just being stood up is waited for", async () => {
  deployments("pr-7", { state: "queued" }, { state: "in_progress" }, up("http://127.0.0.1:20123"));
  expect(await footer()).toContain("[cluster](http://127.0.0.1:20123/)");
});

test("nobody waits for ever, and the review is shown", async () => {
  deployments("pr-7", { state: "in_progress" });
  expect(await footer()).toMatch(/^<sub>for commit \w+ · \[run\]\(\S+\)<\/sub>$/);
});

test.each([
  ["one that failed", () => deployments("pr-7", { state: "failure", environment_url: "http://a.example" })],
  ["another pull request's", () => deployments("pr-8", up("http://a.example"))],
  ["an address that is none", () => deployments("pr-7", up("no address"))],
  ["an address that is a program", () => deployments("pr-7", up("javascript:alert(1)"))],
  ["an address that would end the link", () => deployments("pr-7", up("http://a.example/) [x](http://b"))],
  ["a token that may not see it", forbid],
])("%s is left out, and the review is shown", async (_, prepare) => {
  prepare();
  expect(await footer()).toMatch(/^<sub>for commit \w+ · \[run\]\(\S+\)<\/sub>$/);
});

test("where nobody asks for it, GitHub isn't asked either", async () => {
  deployments("pr-7", up("http://a.example"));
  expect(await footer(false)).not.toContain("cluster");
  expect(stub.requests.filter(({ path }) => path.includes("deployments"))).toEqual([]);
});

function forbid(): void {
  stub.instead = ({ path }) =>
    path.includes("/deployments") ? { status: 403, body: { message: "Resource not accessible" } } : null;
}
