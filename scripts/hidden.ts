import { stripVTControlCharacters } from "node:util";
import { exitCodes, UserError } from "./exit.ts";

interface Terminal {
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  off(event: "data", listener: (text: string) => void): unknown;
}

/** Return and Ctrl-D. */
const ends = new Set(["\n", "\u0004"]);
/** Backspace, as terminals send it. */
const erasers = new Set(["\u007f", "\b"]);

/**
 * Asks at the terminal without showing what is typed. Keys may come together, as of a held Backspace or an entry that was typed ahead.
 * A paste may have several lines: once there are two, only Return by itself ends it.
 *
 * @throws UserError on Ctrl-C
 */
export function askHidden(
  question: string,
  terminal: Terminal = process.stdin,
  tell: (text: string) => void = (text) => process.stderr.write(text),
): Promise<string> {
  tell(question);
  terminal.setRawMode(true);
  terminal.setEncoding("utf8");
  terminal.resume();
  return new Promise((resolve, reject) => {
    const typed: string[] = [];
    const end = (settle: () => void) => {
      terminal.off("data", take);
      terminal.setRawMode(false);
      terminal.pause();
      tell("\n");
      settle();
    };
    const take = (text: string) => {
      if (text.includes("\u0003"))
        return end(() => reject(new UserError("nothing was changed", exitCodes.interrupted)));
      // Keys that move a cursor, of which there is none, come as sequences.
      const keys = [...stripVTControlCharacters(text).replace(/\r\n?/g, "\n")];
      for (const [index, key] of keys.entries()) {
        const mayEnd = index === keys.length - 1 && (index === 0 || !typed.includes("\n"));
        if (ends.has(key) && mayEnd) return end(() => resolve(typed.join("")));
        if (erasers.has(key)) typed.pop();
        else typed.push(key);
      }
    };
    terminal.on("data", take);
  });
}
