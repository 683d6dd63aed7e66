import { keyMeant } from "../../../components/model/identity.ts";
import { readLog } from "../../../components/platform/docker/log.ts";
import { tellEvents } from "../../events/feed.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { NothingRuns } from "../../nothing-runs.ts";
import { currentOwner, poolsBySource } from "../../stacks.ts";
import { say } from "../../terminal.ts";
import { visibleJson, visibleLine } from "../../visible.ts";
import type { FeedOptions } from "../contract.ts";
import { runningDocker } from "./connect.ts";
import { type ContainerView, listContainers } from "./view.ts";

/** What the containers of a stack wrote. */
export async function printLogs(
  stack: string,
  said: readonly string[],
  { json, follow, tail }: FeedOptions,
): Promise<void> {
  const docker = await runningDocker();
  const views = await listContainers(docker, { owner: currentOwner(), stack });
  const known = views.map(({ key }) => key);
  const machines = said.map((word) => keyMeant(poolsBySource(stack), known, word));
  const unknown = machines.filter((machine) => !views.some(({ key }) => key === machine));
  if (views.length === 0) throw new NothingRuns(stack);
  if (unknown.length > 0) {
    throw new UserError(
      `there is no machine ${unknown.join(", ")}; "${stack}" has [${known.join(", ")}]`,
      exitCodes.usage,
    );
  }
  const chosen = machines.length === 0 ? views : views.filter(({ key }) => machines.includes(key));
  const width = Math.max(...chosen.map(({ key }) => key.length));
  const print = (key: string, stream: string, text: string) =>
    say(json ? visibleJson({ machine: key, stream, text }) : `${key.padEnd(width)} │ ${visibleLine(text)}`);
  const show = ({ id, key }: ContainerView) =>
    readLog(docker, id, { tail, follow }, (stream, text) => print(key, stream, text));
  // One after the other keeps a machine's lines together; when following, they come as they are written.
  if (follow) await Promise.all(chosen.map(show));
  else for (const view of chosen) await show(view);
}

/** What the wardens of a stack saw and did, in the order of time. */
export async function printEvents(stack: string, { json, follow, tail }: FeedOptions): Promise<void> {
  const docker = await runningDocker();
  const views = await listContainers(docker, { owner: currentOwner(), stack });
  const wardens = views.filter(({ role }) => role === "warden");
  if (wardens.length === 0) {
    if (views.length === 0) throw new NothingRuns(stack);
    throw new UserError(
      `"${stack}" has no wardens: its file sets warden.enabled to false`,
      exitCodes.nothingThere,
    );
  }
  const readers = wardens.map(
    ({ id }) =>
      (onLine: (line: string) => void) =>
        readLog(docker, id, { follow, tail }, (_, text) => onLine(text)),
  );
  await tellEvents(stack, readers, { json, follow });
}
