import { stripVTControlCharacters } from "node:util";
import type Docker from "dockerode";
import { labelPrefix } from "../../plan/labels.ts";
import type { NodeStory } from "../planned/story.ts";
import { toldLines } from "../planned/story.ts";
import { labelFilter } from "./label-filter.ts";
import { readLog } from "./log.ts";

/** Seconds of Docker's memory of what happened that are asked for; it keeps the last 256 events. */
const memory = 600;

/** What is known of a container's process, and what it wrote last. */
async function containerStory(docker: Docker, id: string): Promise<NodeStory> {
  const { State: state, RestartCount: restarts } = await docker.getContainer(id).inspect();
  const lines: string[] = [];
  await readLog(docker, id, { tail: toldLines, follow: false }, (_, text) =>
    lines.push(stripVTControlCharacters(text)),
  );
  const running = state.Running && !state.Restarting;
  const ended = !running && state.StartedAt !== "0001-01-01T00:00:00Z";
  // One that runs again has forgotten how it ended; Docker's own events haven't.
  const before = running && restarts > 0 ? await lastEnd(docker, id) : null;
  return {
    running,
    exitCode: ended ? state.ExitCode : (before?.exitCode ?? null),
    outOfMemory: ended ? state.OOMKilled : (before?.outOfMemory ?? false),
    restarts,
    lines,
  };
}

/** The same of the node with these labels that has this address; null where there is none. */
export async function nodeStory(
  docker: Docker,
  labels: Readonly<Record<string, string>>,
  key: string,
  address: string,
): Promise<NodeStory | null> {
  const same = ["owner", "stack", "cluster"].map((name) => [name, labels[`${labelPrefix}${name}`]]);
  const filters = labelFilter({ ...Object.fromEntries(same), key });
  const found = (await docker.listContainers({ all: true, filters })).find(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Networks).some(
      (network) =>
        network.IPAddress === address ||
        (network.IPAMConfig as { IPv4Address?: string } | null | undefined)?.IPv4Address === address,
    ),
  );
  return found === undefined ? null : containerStory(docker, found.Id);
}

async function lastEnd(
  docker: Docker,
  id: string,
): Promise<{ exitCode: number; outOfMemory: boolean } | null> {
  const now = Math.floor(Date.now() / 1000);
  const stream = await docker.getEvents({
    since: now - memory,
    until: now,
    filters: JSON.stringify({ container: [id], event: ["die", "oom"] }),
  });
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { Action: string; Actor: { Attributes: Record<string, string> } });
  const last = events.findLast(({ Action }) => Action === "die");
  if (last === undefined) return null;
  return {
    exitCode: Number(last.Actor.Attributes.exitCode),
    outOfMemory: events.some(({ Action }) => Action === "oom"),
  };
}
