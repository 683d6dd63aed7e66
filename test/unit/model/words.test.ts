import { expect, test } from "vitest";
import { counted } from "../../../components/model/words.ts";

test.each([
  [0, "0 nodes"],
  [1, "1 node"],
  [2, "2 nodes"],
])("%i is %j", (number, text) => {
  expect(counted(number, "node")).toBe(text);
});
