import fc from "fast-check";
import { expect, test } from "vitest";
import {
  contains,
  formatAddress,
  formatSubnet,
  parseAddress,
  parseSubnet,
  subnetSize,
} from "../../../components/model/ip.ts";

test.each([
  ["0.0.0.0", 0],
  ["10.77.2.32", 172_818_976],
  ["255.255.255.255", 4_294_967_295],
])("%s is the number %i and is written the same again", (text, number) => {
  expect(parseAddress(text)).toBe(number);
  expect(formatAddress(number)).toBe(text);
});

test.each([
  "",
  "10.0.0",
  "10.0.0.0.0",
  "10.0.0.256",
  "10.0.0.01",
  "10.0.0.-1",
  "10.0.0.a",
  " 10.0.0.1",
  "10.0.0.1 ",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeNull();
});

test.each([
  ["10.77.2.0/23", 23, 512],
  ["10.0.0.0/8", 8, 16_777_216],
  ["0.0.0.0/0", 0, 4_294_967_296],
  ["192.0.2.7/32", 32, 1],
])("%s is a network of prefix %i with %i addresses", (text, prefix, size) => {
  const subnet = parseSubnet(text);
  expect(subnet?.prefix).toBe(prefix);
  expect(subnet && subnetSize(subnet)).toBe(size);
  expect(subnet && formatSubnet(subnet)).toBe(text);
});

test.each([
  "10.77.3.0/23",
  "10.0.0.1/31",
  "10.0.0.0",
  "10.0.0.0/33",
  "10.0.0.0/08",
  "10.0.0.0/8/8",
  "10.0.0.0/",
  "/8",
])("%j is no network", (text) => {
  expect(parseSubnet(text)).toBeNull();
});

test("a network contains its first and last address and neither neighbour", () => {
  const subnet = { base: 1024, prefix: 24 };
  expect([1023, 1024, 1279, 1280].map((address) => contains(subnet, address))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("every address is read as the number it was written from", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (number) => {
      expect(parseAddress(formatAddress(number))).toBe(number);
    }),
  );
});
