import { formatSize } from "../../model/units.ts";
import { counted } from "../../model/words.ts";

/*
 * Why a node doesn't serve, in words: what the platform knows of its process, what its checks were answered, and what it wrote
 * last. Said at the first place where it is known, so that nobody has to look for it.
 */

/** Lines of a node's log that a message has. */
export const toldLines = 20;

/** What a platform knows of a node's process. */
export interface NodeStory {
  readonly running: boolean;
  /** Of its last end; null where it has never ended, or nobody knows. */
  readonly exitCode: number | null;
  /** Whether the system ended it because its memory limit was reached. */
  readonly outOfMemory: boolean;
  /** How often it was started again after an end. */
  readonly restarts: number;
  /** What it wrote last, at most {@link toldLines}. */
  readonly lines: readonly string[];
}

/** A node that doesn't pass its checks. */
export interface Failing {
  readonly key: string;
  /** Its pool's name in the stack's file. */
  readonly pool: string;
  /** Memory limit in bytes; left out where it isn't known. */
  readonly memory?: number;
  readonly port: number;
  /** Null where the platform can't tell. */
  readonly story: NodeStory | null;
  /** What came in place of a passed check; null where nobody asked. */
  readonly answer: string | null;
}

/** Exit codes that shells and Docker give a meaning (POSIX, 2.8.2; 128 and the number of a signal). */
const meanings: Readonly<Record<number, string>> = {
  126: "its command can't be executed",
  127: "its command isn't found in the image",
  132: "illegal instruction: the image may be for another processor",
  137: "killed",
  139: "segmentation fault",
  143: "it ended at SIGTERM",
};

const denial = /permission denied|operation not permitted|read-only file system|\b(EACCES|EPERM|EROFS)\b/i;

/** Why a node doesn't serve, then its last lines, each indented by four. */
export function tellFailing(failing: Failing): string {
  const { key, story } = failing;
  const reasons = [endOf(failing), answerOf(failing), denialOf(story)].filter((reason) => reason !== null);
  const head = `${key}: ${reasons.join("; ") || "it runs and is not healthy yet"}`;
  const lines = story?.lines ?? [];
  if (story === null) return head;
  return lines.length === 0
    ? `${head}; it wrote nothing`
    : `${head}; its last lines:\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

function endOf({ pool, memory, story }: Failing): string | null {
  if (story === null || (story.running && story.restarts === 0)) return null;
  const { exitCode, outOfMemory, restarts } = story;
  if (outOfMemory) {
    const limit = memory === undefined ? "" : ` (now ${formatSize(memory)})`;
    return `killed for want of memory, exit code ${exitCode ?? 137}; raise pools.${pool}.memory${limit}`;
  }
  const meaning = exitCode === null ? undefined : meanings[exitCode];
  const code =
    exitCode === null ? "it ended" : `ended with exit code ${exitCode}${meaning ? ` (${meaning})` : ""}`;
  return restarts === 0 ? code : `${code}, started again ${counted(restarts, "time")}`;
}

function answerOf({ pool, port, story, answer }: Failing): string | null {
  if (answer === null || story?.running === false) return null;
  if (/^curl: \(7\)|connection refused/i.test(answer))
    return `nobody listens on port ${port}; the application has to listen there, on all addresses (0.0.0.0), or pools.${pool}.port names another`;
  if (/timed out|no answer/i.test(answer)) return `its check was not answered in time`;
  const [, code] = /^HTTP (\d+)/.exec(answer) ?? [];
  const what = `its check was answered ${answer}`;
  if (code === "404") return `${what}; pools.${pool}.health.path names what is asked`;
  if (code === "400" || code === "403" || code === "421")
    return `${what}; where the application answers to its own host alone, pools.${pool}.health.host names it`;
  if (code?.startsWith("3"))
    return `${what}, and only 2xx passes; pools.${pool}.health.path has to name what is answered by itself`;
  return what;
}

function denialOf(story: NodeStory | null): string | null {
  const line = story?.lines.findLast((text) => denial.test(text));
  return line === undefined
    ? null
    : "permission denied by the container's limits: it has no capabilities, may gain none, and files keep the owners of the image";
}
