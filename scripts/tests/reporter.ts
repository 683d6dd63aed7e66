import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";

/** Variable with the file that errors outside all tests are written to, as a JSON list; vitest's own JSON report doesn't have them. */
export const unhandledVariable = "HOTSPARE_TEST_UNHANDLED";

/** Writes down what was thrown outside all tests: such a run fails, though none of its files did. */
export default class implements Reporter {
  onTestRunEnd(...[, errors]: Parameters<NonNullable<Reporter["onTestRunEnd"]>>): void {
    const file = process.env[unhandledVariable];
    if (file === undefined) return;
    writeFileSync(file, JSON.stringify(errors.map(({ message }) => message)));
  }
}
