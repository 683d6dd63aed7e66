import { z } from "zod";
import { size } from "../../schema/common.ts";

const perSecond = z.number().min(0).max(10_000_000);

/** What is known of the load beforehand, for the estimate of cost: a range, since nobody knows it better. */
export const trafficSchema = z.strictObject({
  low: perSecond.default(10).describe("Requests a second on an average of the month, of a quiet one."),
  high: perSecond.default(100).describe("The same of a busy month."),
  answer: size("1 B", "1 GB").prefault("10 KB").describe("How large an answer is, on an average."),
});
