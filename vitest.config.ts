import { defineConfig } from "vitest/config";

/*
 * Tiers. `unit` is pure and fast; `component` shares one Pulumi runtime a worker; the others need real programs: `engine`
 * runs Pulumi's over stand-ins for clouds, `aws` does with a provider or an account that is there, the parsers run in containers,
 * `browser` opens what people read, `live` runs whole clusters one at a time, `drills` does with the machine to itself. `examples` stand up whole
 * applications, when asked for.
 */
export default defineConfig({
  test: {
    projects: [
      // Time-outs are for what hangs. Whole tiers run beside each other, so what computes for 10 s alone may take minutes.
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "component",
          include: ["test/component/**/*.test.ts", "test/contract/**/*.test.ts"],
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "aws",
          include: ["test/aws/**/*.test.ts"],
          // A real account takes its time: machines boot, and finish what they are at before they go.
          testTimeout: 3_600_000,
          hookTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "parsers",
          include: ["test/parsers/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          // Where there is no browser it is installed first.
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "live",
          include: ["test/live/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "examples",
          include: ["test/examples/**/*.test.ts"],
          testTimeout: 600_000,
          // Images of whole applications are built first.
          hookTimeout: 1_200_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "drills",
          include: ["test/drills/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
