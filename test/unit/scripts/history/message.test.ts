import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMessage, parseMessage, whoRuns } from "../../../../scripts/history/message.ts";

describe("messages in the history", () => {
  test("are plain sentences with trailers", () => {
    const text = formatMessage({
      summary: ["pool web: 3 → 5 active nodes", "tier: in place"],
      by: "alice@build-7",
      source: "1b30",
    });
    expect(text).toBe(
      "pool web: 3 → 5 active nodes\ntier: in place\n\nBy: alice@build-7\nStack-Source: 1b30",
    );
  });

  test("come back as they were", () => {
    const word = fc.stringMatching(/^[a-z0-9@.-]{1,20}$/);
    const sentence = fc
      .stringMatching(/^[a-zA-Zäöü→ :,%0-9]{1,80}$/)
      .map((text) => text.trim().replace(/\s+/g, " "))
      .filter((text) => text !== "" && !/^(By|Stack-Source): /.test(text));
    const message = fc.record({
      summary: fc.array(sentence, { maxLength: 20 }),
      by: fc.option(word),
      source: fc.option(word),
    });
    fc.assert(
      fc.property(message, (one) => {
        expect(parseMessage(formatMessage(one))).toEqual(one);
      }),
    );
  });

  test("of others are summary as a whole", () => {
    expect(parseMessage("Fix the port\r\n\r\nBy: the way, it works")).toMatchObject({
      by: "the way, it works",
    });
    expect(parseMessage("By hand\nsecond line")).toEqual({
      summary: ["By hand", "second line"],
      by: null,
      source: null,
    });
    expect(parseMessage("")).toEqual({ summary: [], by: null, source: null });
  });

  test("never grow beyond what a history is for", () => {
    const summary = Array.from({ length: 500 }, (_, n) => `${n} ${"x".repeat(1000)}`);
    const text = formatMessage({ summary, by: "a@b", source: null });
    expect(text.length).toBeLessThan(8000);
    expect(text).toContain("and 480 more");
    expect(parseMessage(text).by).toBe("a@b");
  });

  test("name whom the CI names, else the user of this machine", () => {
    expect(whoRuns({ GITHUB_ACTOR: "octocat" })).toMatch(/^octocat@/);
    expect(whoRuns({ GITLAB_USER_LOGIN: "fox" })).toMatch(/^fox@/);
    expect(whoRuns({})).toMatch(/^[^@]+@[^@]+$/);
  });
});
