import { describe, expect, test } from "vitest";
import {
  addressesPerRole,
  blockSize,
  derivedPrefix,
  generationSlots,
  maximumPools,
  prefixRange,
  quarterSize,
  roleOffset,
  tierOffsets,
} from "../../../components/model/layout.ts";

const roles = ["active", "hot", "cold"] as const;
const prefixes = Array.from(
  { length: prefixRange.longest - prefixRange.shortest + 1 },
  (_, index) => prefixRange.shortest + index,
);

/* Four quarters of eight blocks: a block is 1/32 of the network, and 10/16, 3/16 and 3/16 of it are for the roles. */

test("a /23, the smallest, gives a pool 10 active, 3 hot and 3 cold addresses", () => {
  expect(prefixRange.longest).toBe(23);
  expect(roles.map((role) => addressesPerRole(23, role))).toEqual([10, 3, 3]);
});

test("a /22, which is derived, gives a pool 20 active, 6 hot and 6 cold addresses", () => {
  expect(derivedPrefix).toBe(22);
  expect(roles.map((role) => addressesPerRole(22, role))).toEqual([20, 6, 6]);
});

test("a /12, the largest, gives a pool 20480 active, 6144 hot and 6144 cold addresses", () => {
  expect(prefixRange.shortest).toBe(12);
  expect(roles.map((role) => addressesPerRole(12, role))).toEqual([20_480, 6144, 6144]);
});

test("a /16 gives a pool 1280 active, 384 hot and 384 cold addresses", () => {
  expect(roles.map((role) => addressesPerRole(16, role))).toEqual([1280, 384, 384]);
});

describe.each(prefixes)("a /%i", (prefix) => {
  test("has roles that follow each other and fill the pool's block", () => {
    const ends = roles.map((role) => roleOffset(prefix, role) + addressesPerRole(prefix, role));
    expect(roles.map((role) => roleOffset(prefix, role))).toEqual([0, ends[0], ends[1]]);
    expect(ends[2]).toBe(blockSize(prefix));
  });

  test("has four quarters, and each holds the tier's block and every pool's", () => {
    expect(quarterSize(prefix) * generationSlots).toBe(2 ** (32 - prefix));
    expect(blockSize(prefix) * (maximumPools + 1)).toBe(quarterSize(prefix));
  });

  test("holds four balancers, the virtual address and the door in its first block, each apart", () => {
    const balancers = [0, 1, 2, 3].map((index) => tierOffsets.balancer + index);
    const offsets = [tierOffsets.gateway, ...balancers, tierOffsets.virtual, tierOffsets.door];
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(Math.max(...offsets)).toBeLessThan(blockSize(prefix));
    expect(Math.min(...offsets)).toBeGreaterThan(0);
  });
});
