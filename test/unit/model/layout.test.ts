import { describe, expect, test } from "vitest";
import {
  addressesPerRole,
  blockSize,
  maximumPools,
  prefixRange,
  roleOffset,
  tierOffsets,
} from "../../../components/model/layout.ts";

const roles = ["active", "hot", "cold"] as const;
const prefixes = Array.from(
  { length: prefixRange.longest - prefixRange.shortest + 1 },
  (_, index) => prefixRange.shortest + index,
);

test("a /24 gives a pool 10 active, 3 hot and 3 cold addresses", () => {
  expect(roles.map((role) => addressesPerRole(24, role))).toEqual([10, 3, 3]);
});

test("a /23 gives a pool 20 active, 6 hot and 6 cold addresses", () => {
  expect(roles.map((role) => addressesPerRole(23, role))).toEqual([20, 6, 6]);
});

test("a /16 gives a pool 2560 active, 768 hot and 768 cold addresses", () => {
  expect(roles.map((role) => addressesPerRole(16, role))).toEqual([2560, 768, 768]);
});

describe.each(prefixes)("a /%i", (prefix) => {
  test("has roles that follow each other and fill the pool's block", () => {
    const ends = roles.map((role) => roleOffset(prefix, role) + addressesPerRole(prefix, role));
    expect(roles.map((role) => roleOffset(prefix, role))).toEqual([0, ends[0], ends[1]]);
    expect(ends[2]).toBe(blockSize(prefix));
  });

  test("holds the tier and every pool in its lower half", () => {
    expect(blockSize(prefix) * (maximumPools + 1)).toBe(2 ** (32 - prefix) / 2);
  });

  test("holds four balancers, the virtual address and the door in its first block, each apart", () => {
    const balancers = [0, 1, 2, 3].map((index) => tierOffsets.balancer + index);
    const offsets = [tierOffsets.gateway, ...balancers, tierOffsets.virtual, tierOffsets.door];
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(Math.max(...offsets)).toBeLessThan(blockSize(prefix));
    expect(Math.min(...offsets)).toBeGreaterThan(0);
  });
});
