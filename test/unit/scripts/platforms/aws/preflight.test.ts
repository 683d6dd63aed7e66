import { expect, test } from "vitest";
import { awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import type { ObservedFront } from "../../../../../scripts/platforms/aws/observed.ts";
import { whyReplaced } from "../../../../../scripts/platforms/aws/preflight.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

/* What a load balancer that stands can't become: told before an `up` begins, where it is protected. */

const address = (digit: number) => `eipalloc-0123456789abcdef${digit}`;
const standing = (fields: Partial<ObservedFront>): ObservedFront => ({
  arn: "arn",
  address: "demo.example",
  state: "active",
  zones: ["eu-central-1a", "eu-central-1b"],
  internal: false,
  addresses: [],
  ...fields,
});
const why = (platform: object, front: Partial<ObservedFront>) =>
  whyReplaced("demo", awsPlanOf(awsPlan(platform)), standing(front)).join();

test.each<[string, object, Partial<ObservedFront>, string]>([
  ["the same", {}, {}, ""],
  ["a zone more", { zones: 3 }, {}, ""],
  ["inside stays inside", { front: { internal: true } }, { internal: true }, ""],
  [
    "the same addresses",
    { front: { addresses: [address(0), address(1)] } },
    { addresses: [address(1), address(0)] },
    "",
  ],
  [
    "an address more with a zone more",
    { zones: 3, front: { addresses: [address(0), address(1), address(2)] } },
    { addresses: [address(0), address(1)] },
    "",
  ],
  ["a zone less", {}, { zones: ["a", "b", "c"] }, "can't leave one"],
  [
    "inside",
    { front: { internal: true } },
    {},
    "is for the internet, and one that stands can't be inside the VPC",
  ],
  ["outside", {}, { internal: true }, "is inside the VPC, and one that stands can't be for the internet"],
  [
    "own addresses",
    { front: { addresses: [address(0), address(1)] } },
    {},
    "stands with AWS's own addresses",
  ],
  [
    "another address",
    { front: { addresses: [address(0), address(2)] } },
    { addresses: [address(0), address(1)] },
    `stands with ${address(0)}, ${address(1)}`,
  ],
  ["no address any more", {}, { addresses: [address(0), address(1)] }, "gets others only when it is made"],
])("%s", (_, platform, front, said) => {
  if (said === "") expect(why(platform, front)).toBe("");
  else expect(why(platform, front)).toContain(said);
});
