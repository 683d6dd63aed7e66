import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { askHidden } from "../../../scripts/hidden.ts";

/** A terminal at which somebody types; it remembers whether what is typed would be shown. */
class Terminal extends EventEmitter {
  raw = false;
  setRawMode(raw: boolean) {
    this.raw = raw;
  }
  setEncoding() {}
  resume() {}
  pause() {}
}

async function typing(...keys: string[]) {
  const terminal = new Terminal();
  let shown = "";
  const answer = askHidden("Value: ", terminal, (text) => {
    shown += text;
  });
  expect(terminal.raw).toBe(true);
  for (const key of keys) terminal.emit("data", key);
  const value = await answer.finally(() => expect(terminal.raw).toBe(false));
  return { value, shown };
}

describe("a hidden entry", () => {
  test("is what was typed until Return, and none of it is shown", async () => {
    expect(await typing("s", "3", "x", "\u007f", "!", "\r")).toEqual({ value: "s3!", shown: "Value: \n" });
  });

  test("takes a paste of several lines whole", async () => {
    expect((await typing("-----BEGIN\rabc\r-----END\r", "\r")).value).toBe("-----BEGIN\nabc\n-----END\n");
  });

  test.each([
    ["a held Backspace", ["abcd", "\u007f\u007f\b", "x", "\r"], "ax"],
    ["a character of two units is taken back whole", ["a😀", "\u007f", "\r"], "a"],
    ["an entry and its Return", ["abc\r"], "abc"],
    ["a correction, the rest and Return", ["abx", "\u007fc\r"], "abc"],
    ["an entry and Ctrl-D", ["abc\u0004"], "abc"],
    ["arrow keys, which move nothing", ["ab", "\u001b[D\u001b[D", "c", "\r"], "abc"],
    ["lines that end as on Windows", ["a\r\nb", "\r"], "a\nb"],
  ])("takes keys that come together: %s", async (_, keys, value) => {
    expect((await typing(...keys)).value).toBe(value);
  });

  test("ends with nothing on Ctrl-C", async () => {
    await expect(typing("s", "\u0003")).rejects.toThrow("nothing was changed");
  });
});
