import type { Command } from "commander";
import { withSignals } from "../engine/interrupt.ts";
import { exitCodes, UserError } from "../exit.ts";
import { serveLive } from "../live/server.ts";
import { Watch } from "../live/watch.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { defaultStack } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";

interface LiveOptions {
  readonly port: string;
  readonly json?: boolean;
}

export function registerLive(program: Command): void {
  program
    .command("live")
    .description("Show a cluster in the browser while it runs: one page on this machine, until Ctrl-C.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--port <number>", "on 127.0.0.1; 0 for any that is free", "0")
    .option("--json", "print the page's address as one JSON document")
    .action(live);
}

async function live(stack: string, { port, json }: LiveOptions): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UserError(`--port: "${port}" is not a port`, exitCodes.usage);
  const platform = platformOfKnown(stack);
  if (platform.live === undefined)
    throw new UserError(
      `"${stack}" is ${platform.place}, which \`live\` does not show yet; \`./hotspare status ${stack}\` and \`./hotspare events ${stack} -f\` do`,
      exitCodes.usage,
    );
  const source = await platform.live(stack);
  const watch = new Watch(source, stack);
  const stopped = Promise.withResolvers<void>();
  try {
    await withSignals(stopped.resolve, async () => {
      const served = await serveLive(watch, source, Number(port));
      if (json) printJson({ schema: "hotspare.live/1", stack, url: served.url });
      else say(`${served.url}\n\nOpen it in a browser on this machine; Ctrl-C ends it.`);
      void watch.run();
      await stopped.promise;
      await served.close();
    });
  } finally {
    watch.close();
  }
}
