import type { Command } from "commander";
import { parseEvent, sentence, type WardenLogEvent } from "../events/sentence.ts";
import { exitCodes, UserError } from "../exit.ts";
import { runningDocker } from "../platforms/docker/connect.ts";
import { readLog } from "../platforms/docker/logs.ts";
import { listContainers } from "../platforms/docker/view.ts";
import { currentOwner, defaultStack, groundOf } from "../stacks.ts";
import { nothingRuns, say, tailOf } from "../terminal.ts";

interface EventsOptions {
  json?: boolean;
  follow?: boolean;
  tail: string;
}

export function registerEvents(program: Command): void {
  program
    .command("events")
    .description("Tell what the wardens of a stack saw and did, and why, in the order of time.")
    .argument("[stack]", "name of the stack", defaultStack)
    .option("-f, --follow", "go on as new ones come, until Ctrl-C")
    .option("-n, --tail <lines>", "log lines of each warden", "100")
    .option("--json", "print one JSON document a line")
    .action(events);
}

async function events(stack: string, options: EventsOptions): Promise<void> {
  if (groundOf(stack) === "aws")
    return (await import("../platforms/aws/events.ts")).eventsOnAws(stack, options);
  const tail = tailOf(options.tail);
  const docker = await runningDocker();
  const views = await listContainers(docker, { owner: currentOwner(), stack });
  const wardens = views.filter(({ role }) => role === "warden");
  if (wardens.length === 0) {
    if (views.length === 0) throw nothingRuns(stack);
    throw new UserError(
      `"${stack}" has no wardens: its file sets warden.enabled to false`,
      exitCodes.nothingThere,
    );
  }
  const print = (event: WardenLogEvent) => say(options.json ? JSON.stringify(event) : sentence(event));
  const read = (id: string, follow: boolean, take: (event: WardenLogEvent) => void) =>
    readLog(docker, id, { follow, tail }, (_, text) => {
      const event = parseEvent(text);
      if (event !== null) take(event);
    });
  if (options.follow) {
    // As they come: what is written now is in order by itself.
    await Promise.all(wardens.map(({ id }) => read(id, true, print)));
    return;
  }
  const found: WardenLogEvent[] = [];
  await Promise.all(wardens.map(({ id }) => read(id, false, (event) => found.push(event))));
  for (const event of found.sort((a, b) => (a.time < b.time ? -1 : 1))) print(event);
}
