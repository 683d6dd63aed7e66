import { expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { planContext } from "../../../infra/context.ts";
import { small } from "../../support/small.ts";

const goingBack = (observed: Parameters<typeof planContext>[3]) =>
  planContext(loadStack("dev", small()), "00000000", {}, observed).goingBack ?? false;

test("a cluster that is there goes back; one that isn't has had no program of a release, and gets them run", () => {
  expect(goingBack({ goingBack: true })).toBe(true);
  expect(goingBack({ goingBack: true, isNew: false })).toBe(true);
  expect(goingBack({ goingBack: true, isNew: true })).toBe(false);
  expect(goingBack({ isNew: false })).toBe(false);
});
