import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  durationPattern,
  formatDuration,
  formatSize,
  parseDuration,
  parseSize,
  sizePattern,
} from "../../../components/model/units.ts";

test.each([
  ["250 ms", 250],
  ["1.5 s", 1500],
  ["2 min", 120_000],
  ["1 h", 3_600_000],
  ["0 s", 0],
  ["0.4 ms", 0],
  ["0.5 ms", 1],
])("%s is %i milliseconds", (text, milliseconds) => {
  expect(text).toMatch(durationPattern);
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  ["1 B", 1],
  ["64 KB", 65_536],
  ["1.5 MB", 1_572_864],
  ["10 GB", 10_737_418_240],
])("%s is %i bytes", (text, bytes) => {
  expect(text).toMatch(sizePattern);
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  "250",
  "250ms",
  "250  ms",
  " 1 s",
  "1 s ",
  "-1 s",
  "1e3 ms",
  ".5 s",
  "1. s",
  "1 S",
  "1 d",
  "s",
  "",
])("%j is no time span", (text) => {
  expect(text).not.toMatch(durationPattern);
});

test.each(["10", "10MB", "10 mb", "10 KiB", "-1 KB", "1e3 B", "10 TB"])("%j is no amount", (text) => {
  expect(text).not.toMatch(sizePattern);
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1000, "1 s"],
  [1500, "1.5 s"],
  [59_999, "59.999 s"],
  [60_000, "1 min"],
  [90_000, "1.5 min"],
  [125_000, "125 s"],
  [3_600_000, "60 min"],
])("%i milliseconds are written as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KB"],
  [1_572_864, "1536 KB"],
  [10_485_760, "10 MB"],
  [1_073_741_824, "1 GB"],
])("%i bytes are written as %s", (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

describe("what is written is read as the same", () => {
  test("time spans of whole milliseconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });

  test("amounts of whole bytes", () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger().filter((bytes) => bytes >= 0),
        (bytes) => {
          expect(parseSize(formatSize(bytes))).toBe(bytes);
        },
      ),
    );
  });
});
