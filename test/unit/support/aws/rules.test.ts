import { describe, expect, test } from "vitest";
import { check } from "../../../support/aws/rules/index.ts";
import { cases, group } from "./cases.ts";

/* What the stand-in for AWS refuses of one resource by itself, and what is just good enough. */

const token = (type: string) => `aws:${type}`;
const problemsOf = (type: string, inputs: object) =>
  check({ token: token(type), inputs: { ...inputs } }, "eu-central-1").map(({ path }) => path);

describe.each(Object.entries(cases))("%s", (type, { good, bad, fine = [] }) => {
  test("passes when all is right", () => {
    expect(problemsOf(type, good)).toEqual([]);
    for (const fields of fine)
      expect([fields, problemsOf(type, { ...good, ...fields })]).toEqual([fields, []]);
  });

  test.each(bad)("with %j is refused at %s", (fields, path) => {
    expect(problemsOf(type, { ...good, ...fields })).toEqual([path]);
  });
});

test("a type that nothing is known of is refused and not passed", () => {
  expect(() => check({ token: "aws:rds/instance:Instance", inputs: {} }, "eu-central-1")).toThrow(
    "nothing is known of the type aws:rds/instance:Instance",
  );
});

test("a wanted number that isn't changed isn't sent, so new bounds around it are taken", () => {
  const subject = { token: token("autoscaling/group:Group") };
  const more = { ...group, minSize: 3, maxSize: 4 };
  expect(check({ ...subject, inputs: more, before: group }, "eu-central-1")).toEqual([]);
  expect(check({ ...subject, inputs: more }, "eu-central-1")).toHaveLength(1);
  const crossed = { ...group, minSize: 5, maxSize: 4 };
  expect(check({ ...subject, inputs: crossed, before: group }, "eu-central-1")).toHaveLength(1);
});
