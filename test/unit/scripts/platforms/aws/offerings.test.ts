import { expect, test } from "vitest";
import { zoneIdPrefix } from "../../../../../components/model/platforms/aws/instances.ts";
import { missingIn, zonesWithAll } from "../../../../../scripts/platforms/aws/offerings.ts";

const offered = [
  ["t3.small", "a"],
  ["t3.small", "b"],
  ["t3.small", "c"],
  ["m7g.large", "b"],
  ["m7g.large", "c"],
].map(
  ([InstanceType, Location]) =>
    ({ InstanceType, Location }) as { InstanceType: "t3.small"; Location: string },
);
const wish = (type: string, ...zones: string[]) => ({ key: "web", type, zones });

test("a zone without a group's type is named, once", () => {
  const wishes = [wish("t3.small", "a", "b"), wish("m7g.large", "a", "b"), wish("m7g.large", "a", "b")];
  expect(missingIn(wishes, offered)).toEqual(["a has no m7g.large"]);
  expect(zonesWithAll(["t3.small", "m7g.large"], offered)).toEqual(["b", "c"]);
});

test("zones that have all are no reason, nor a type that AWS tells nothing of", () => {
  expect(missingIn([wish("m7g.large", "b", "c"), wish("x9.large", "a")], offered)).toEqual([]);
});

test.each([
  ["eu-central-1", "euc1"],
  ["us-east-1", "use1"],
  ["ap-southeast-2", "apse2"],
  ["ap-northeast-3", "apne3"],
  ["us-gov-west-1", "usgw1"],
  ["il-central-1", "ilc1"],
  ["af-south-1", "afs1"],
])("ids of zones of %s begin with %s", (region, prefix) => {
  expect(zoneIdPrefix(region)).toBe(prefix);
});
