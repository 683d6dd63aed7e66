import { nodeUnit } from "../../render/machine/node-service.ts";
import { logFile } from "../../render/machine/unit.ts";
import { type NodeStory, toldLines } from "../planned/story.ts";

const divider = "-- log";
const shown = ["ActiveState", "ExecMainStatus", "Result", "NRestarts"] as const;

/** What a server is asked of its node: what systemd knows of the service, and what the service wrote last. */
export const storyCommand = `systemctl show ${shown.map((name) => `--property=${name}`).join(" ")} ${nodeUnit}; echo '${divider}'; tail -n ${toldLines} ${logFile(nodeUnit)} 2>/dev/null || true`;

/** The answer, read. systemd.exec(5) has the values of `Result`. */
export function readStory(stdout: string): NodeStory {
  const [head = "", log = ""] = stdout.split(`${divider}\n`);
  const property = Object.fromEntries(
    head.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const running = property.ActiveState === "active";
  const restarts = Number(property.NRestarts ?? 0);
  return {
    running,
    exitCode: running && restarts === 0 ? null : Number(property.ExecMainStatus ?? 0),
    outOfMemory: property.Result === "oom-kill",
    restarts,
    lines: log.split("\n").filter((line) => line !== ""),
  };
}
