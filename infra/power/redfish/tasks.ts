import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, RedfishClient } from "./client.ts";
import { type Json, linkOf, textOf } from "./json.ts";
import { controllerWords } from "./words.ts";

/* What a controller does later and answers with 202 (DSP0266, "Asynchronous operations"). */

const over = ["Completed", "Exception", "Killed", "Cancelled"];
const longest = 60_000;
const pause = 500;

/** Waits for what was begun. @returns why it failed, or null; what has vanished meanwhile is believed to be done */
export async function finished(
  client: RedfishClient,
  begun: Answer,
  signal?: AbortSignal,
): Promise<Error | null> {
  const path = begun.location ?? linkOf(begun.body);
  if (begun.status !== 202 || path === null) return null;
  for (const deadline = performance.now() + longest; performance.now() < deadline; ) {
    const answer = await client.tried("GET", path, { signal });
    // Some remove a task with its end, and the effect is looked at anyway.
    if (answer.status === 404 || answer.status === 204) return null;
    if (answer.status >= 400) return client.refusal(answer, "what was begun");
    const state = textOf(answer.body.TaskState);
    // A monitor, which isn't the task itself, says 202 as long as it goes on.
    if (state === "" ? answer.status !== 202 : over.includes(state))
      return verdict(client, answer.body, state);
    await sleep(pause, undefined, { signal });
  }
  return client.failure("failed", `hasn't ended what it began within ${longest / 1000} s (${path})`);
}

function verdict(client: RedfishClient, body: Json, state: string): Error | null {
  if (state === "" || (state === "Completed" && textOf(body.TaskStatus) !== "Critical")) return null;
  const messages = { "@Message.ExtendedInfo": body.Messages };
  const said = controllerWords(messages) || state;
  return client.failure("failed", `began it and gave up (${said})`);
}
