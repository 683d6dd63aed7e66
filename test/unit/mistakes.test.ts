import { describe, expect, test } from "vitest";
import { loadStack } from "../../components/model/define.ts";
import { type NodeStory, tellFailing } from "../../components/platform/planned/story.ts";
import { checkBuildFolders } from "../../infra/build-folders.ts";
import { problemsOf, small, withBalancer, withPool, withRoutes } from "../support/small.ts";

/*
 * Mistakes of a first evening, each named right in the first line that anybody reads of it: what is wrong, where, and what to do. Those of
 * a running application are made for real in test/live/first-evening.test.ts, and of images in test/live/own-image.test.ts.
 */

describe("a mistake in a stack's file is the first problem", () => {
  test.each<[mistake: string, stack: unknown, path: string, words: RegExp]>([
    ["another name for a field", withPool({ standbys: { hot: 1 } }), "pools.web.standbys", /write "standby"/],
    ["the name of another tool", withPool({ replicas: 3 }), "pools.web.replicas", /write "active"/],
    ["a time without a space", small({ rollout: { patience: "5s" } }), "rollout.patience", /write "5 s"/],
    [
      "a number for a time",
      small({ rollout: { patience: 5 } }),
      "rollout.patience",
      /with its unit, e\.g\. "5 s"/,
    ],
    ["memory as compose has it", withPool({ memory: "512m" }), "pools.web.memory", /write "512 MB"/],
    [
      "memory without a unit",
      withPool({ memory: 512 }),
      "pools.web.memory",
      /with its unit, e\.g\. "512 MB"/,
    ],
    ["a port that there isn't", withPool({ port: 70_000 }), "pools.web.port", /above the maximum of 65535/],
    [
      "a health path without a slash",
      withPool({ health: { path: "healthz" } }),
      "pools.web.health.path",
      /write "\/healthz"/,
    ],
    [
      "a route to a misspelt pool",
      withRoutes({ path: "/", pool: "wbe" }),
      "routes[0].pool",
      /no pool "wbe"; use one of \[web\]/,
    ],
    [
      "two routes of one path",
      withRoutes({ path: "/" }, { path: "/" }),
      "routes[1].path",
      /already taken by routes\[0\]/,
    ],
    [
      "another platform",
      small({ platform: { kind: "kubernetes" } }),
      "platform.kind",
      /use one of \["docker"/,
    ],
    [
      "an address of a host for a network",
      small({ network: { subnet: "10.0.0.1/22" } }),
      "network.subnet",
      /clear its host bits/,
    ],
    [
      "more nodes than addresses",
      withPool({ active: 500 }),
      "pools.web.active",
      /set network\.subnet to a \/17 or larger/,
    ],
    ["a name for people", small({ name: "My Shop" }), "name", /write "my-shop"/],
    [
      "a certificate without its files",
      withBalancer({ listen: { tls: { certificate: { kind: "given" } } } }),
      "balancer.listen.tls.certificate.certificate",
      /is missing/,
    ],
    [
      "a weight of a node that there isn't",
      withPool({ weights: { "web-9": 3 } }),
      "pools.web.weights.web-9",
      /use one of \[web-1, web-2\]/,
    ],
  ])("%s", (_, stack, path, words) => {
    const [[where, , message, hint] = []] = problemsOf(stack);
    expect(where).toBe(path);
    expect(`${message}; ${hint}`).toMatch(words);
  });

  test("a folder that there isn't to build from", () => {
    const stack = withPool({ image: { kind: "build", context: "./nowhere" } });
    expect(() => checkBuildFolders(loadStack("shop", stack))).toThrow(
      `pools.web.image.context: "./nowhere" isn't there; name a folder with a Dockerfile`,
    );
  });
});

describe("what a node does wrong is named in the line with its key", () => {
  const runs: NodeStory = { running: true, exitCode: null, outOfMemory: false, restarts: 0, lines: [] };
  const ended = (exitCode: number, more: Partial<NodeStory> = {}): NodeStory => ({
    ...runs,
    running: false,
    exitCode,
    restarts: 4,
    ...more,
  });
  const node = { key: "web-1", pool: "web", memory: 134_217_728, port: 8080, answer: null };

  test.each<[mistake: string, story: NodeStory, answer: string | null, words: RegExp]>([
    ["a crash loop", ended(3), null, /^web-1: ended with exit code 3, started again 4 times/],
    ["a command that the image hasn't", ended(127), null, /its command isn't found in the image/],
    ["a program without its x bit", ended(126), null, /its command can't be executed/],
    ["an image for another processor", ended(132), null, /may be for another processor/],
    [
      "too little memory",
      ended(137, { outOfMemory: true }),
      null,
      /killed for want of memory, exit code 137; raise pools\.web\.memory \(now 128 MB\)/,
    ],
    [
      "a right that it hasn't",
      ended(1, { lines: ["listen EACCES: permission denied 0.0.0.0:80"] }),
      null,
      /permission denied by the container's limits/,
    ],
    [
      "another port",
      runs,
      "curl: (7) Failed to connect",
      /nobody listens on port 8080; .* or pools\.web\.port names another/,
    ],
    [
      "a wrong health path",
      runs,
      "HTTP 404",
      /answered HTTP 404; pools\.web\.health\.path names what is asked/,
    ],
    ["a host that it doesn't know", runs, "HTTP 400", /pools\.web\.health\.host names it/],
    ["a health path that redirects", runs, "HTTP 302", /only 2xx passes/],
    ["a slow start", runs, "curl: (28) Operation timed out", /its check was not answered in time/],
  ])("%s", (_, story, answer, words) => {
    const [first] = tellFailing({ ...node, story, answer }).split("\n");
    expect(first).toMatch(words);
  });
});
