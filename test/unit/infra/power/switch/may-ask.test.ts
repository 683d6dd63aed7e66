import { expect, test } from "vitest";
import { mayAsk } from "../../../../../infra/power/switch/may-ask.ts";

test("the switch hears the warden alone, by the password that root gives both", () => {
  expect(mayAsk("Bearer hush", "hush")).toBe(true);
  for (const wrong of [undefined, "", "Bearer ", "Bearer hus", "hush", "Bearer hush "])
    expect(mayAsk(wrong, "hush")).toBe(false);
  // A file that is empty lets nobody in.
  expect(mayAsk("Bearer ", "")).toBe(false);
});
