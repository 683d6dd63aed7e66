import { describe, expect, test } from "vitest";
import { type Failing, type NodeStory, tellFailing } from "../../../../components/platform/planned/story.ts";

const story = (fields: Partial<NodeStory> = {}): NodeStory => ({
  running: true,
  exitCode: null,
  outOfMemory: false,
  restarts: 0,
  lines: ["listening"],
  ...fields,
});

const failing = (fields: Partial<Failing> = {}): Failing => ({
  key: "web-1",
  pool: "web",
  memory: 128 * 1024 ** 2,
  port: 8080,
  story: story(),
  answer: null,
  ...fields,
});

const head = (fields: Partial<Failing>) => tellFailing(failing(fields)).split("\n")[0];
const ended = (fields: Partial<NodeStory>) => ({ story: story({ running: false, ...fields }) });

describe("why a node doesn't serve", () => {
  const cases: readonly (readonly [string, Partial<Failing>, string])[] = [
    ["an end", ended({ exitCode: 3 }), "web-1: ended with exit code 3; its last lines:"],
    [
      "a crash loop",
      ended({ exitCode: 1, restarts: 4 }),
      "web-1: ended with exit code 1, started again 4 times; its last lines:",
    ],
    [
      "one that runs again just now",
      { story: story({ exitCode: 1, restarts: 1 }) },
      "web-1: ended with exit code 1, started again 1 time; its last lines:",
    ],
    [
      "too little memory",
      ended({ exitCode: 137, outOfMemory: true }),
      "web-1: killed for want of memory, exit code 137; raise pools.web.memory (now 128 MB); its last lines:",
    ],
    [
      "a missing command",
      ended({ exitCode: 127 }),
      "web-1: ended with exit code 127 (its command isn't found in the image); its last lines:",
    ],
    [
      "what the container may not do",
      ended({ exitCode: 1, lines: ["chown: /data: Operation not permitted", "bye"] }),
      "web-1: ended with exit code 1; permission denied by the container's limits: it has no capabilities, may gain none, and files keep the owners of the image; its last lines:",
    ],
    [
      "another port",
      { answer: "curl: (7) Failed to connect to 10.0.0.5 port 8080 after 0 ms: Could not connect to server" },
      "web-1: nobody listens on port 8080; the application has to listen there, on all addresses (0.0.0.0), or pools.web.port names another; its last lines:",
    ],
    [
      "another path",
      { answer: "HTTP 404" },
      "web-1: its check was answered HTTP 404; pools.web.health.path names what is asked; its last lines:",
    ],
    [
      "a redirect",
      { answer: "HTTP 302" },
      "web-1: its check was answered HTTP 302, and only 2xx passes; pools.web.health.path has to name what is answered by itself; its last lines:",
    ],
    [
      "a host that it doesn't know",
      { answer: "HTTP 400" },
      "web-1: its check was answered HTTP 400; where the application answers to its own host alone, pools.web.health.host names it; its last lines:",
    ],
    [
      "silence",
      { answer: "curl: (28) Operation timed out after 2001 milliseconds" },
      "web-1: its check was not answered in time; its last lines:",
    ],
    [
      "nothing at all",
      { story: story({ lines: [] }) },
      "web-1: it runs and is not healthy yet; it wrote nothing",
    ],
    ["nobody who knows it", { story: null }, "web-1: it runs and is not healthy yet"],
  ];
  test.each(cases)("names %s", (_, fields, sentence) => {
    expect(head(fields)).toBe(sentence);
  });

  test("its last lines follow, indented", () => {
    expect(
      tellFailing(failing({ story: story({ lines: ["one", "two"] }) }))
        .split("\n")
        .slice(1),
    ).toEqual(["    one", "    two"]);
  });
});
