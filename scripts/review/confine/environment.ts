import { join } from "node:path";
import { withheldVariable } from "../../../infra/withheld.ts";

/** What a plan needs and nothing more: no token, no backend, no password of the person or the CI is in it. */
export function bareEnvironment(home: string): Record<string, string> {
  const known = ["PATH", "LANG"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(known),
    HOME: home,
    TMPDIR: home,
    NO_COLOR: "1",
    // Of its own, since who may write to that of others gives them other code.
    NODE_COMPILE_CACHE: join(home, "compiled"),
    [withheldVariable]: "1",
  };
}
