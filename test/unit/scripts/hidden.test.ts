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

  test("ends with nothing on Ctrl-C", async () => {
    await expect(typing("s", "\u0003")).rejects.toThrow("nothing was changed");
  });
});
