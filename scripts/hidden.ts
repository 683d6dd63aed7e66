import { exitCodes, UserError } from "./exit.ts";

interface Terminal {
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  off(event: "data", listener: (text: string) => void): unknown;
}

/**
 * Asks at the terminal without showing what is typed. A paste may have several lines: only Return by itself ends it.
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
    let typed = "";
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
      if (text === "\r" || text === "\n" || text === "\u0004") return end(() => resolve(typed));
      if (text === "\u007f" || text === "\b") typed = typed.slice(0, -1);
      else typed += text.replaceAll("\r", "\n");
    };
    terminal.on("data", take);
  });
}
