import { expect, test } from "vitest";
import {
  mostHealthyPercent,
  replacedAtOnce,
  surge,
} from "../../../../../components/model/platforms/aws/refresh.ts";

test.each([
  // desired, least healthy in %, most in %, on top, at a time
  [1, 100, 120, 1, 1],
  [3, 100, 120, 1, 1],
  [10, 100, 120, 2, 2],
  [12, 100, 120, 2, 2],
  [10, 90, 110, 1, 2],
  [10, 50, 100, 0, 5],
  [3, 50, 100, 0, 1],
  [1, 50, 100, 0, 1],
])(
  "%d machines, %d % healthy: at most %d %, %d on top, %d at a time",
  (desired, least, most, more, atOnce) => {
    expect(mostHealthyPercent(least)).toBe(most);
    expect(surge(desired, least)).toBe(more);
    expect(replacedAtOnce(desired, least)).toBe(atOnce);
  },
);
