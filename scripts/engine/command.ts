import { createInterface } from "node:readline";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { clock, measure } from "../timings/spans.ts";
import { engineFolder } from "./folder.ts";

export interface PulumiResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PulumiOptions {
  /** Asks the engine to stop in an orderly way (SIGINT); a second abort makes it drop its work. */
  readonly interrupt?: Interrupt | undefined;
  /** Called with every event; the command must be one that takes `--json`. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** What the command reads; left out: nothing. */
  readonly input?: string;
}

/** The engine reads the port that a plugin in Node prints: a number, which Node would colour. */
export const uncoloured: NodeJS.ProcessEnv = { FORCE_COLOR: undefined };

/** Passes Ctrl-C on, as often as it is pressed. */
export interface Interrupt {
  readonly pressed: boolean;
  subscribe(listener: () => void): () => void;
}

/**
 * Runs the Pulumi CLI on this project. We start it ourselves and not by the Automation API because it must be in a process
 * group of its own: on a terminal Ctrl-C reaches every process of the foreground group, and a second SIGINT makes the
 * engine drop its work; so it must come to the engine once, from us, however it came to us.
 */
export async function pulumi(args: readonly string[], options: PulumiOptions = {}): Promise<PulumiResult> {
  const { onEvent } = options;
  const began = clock();
  const child = execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: engineFolder(),
    env: {
      ...uncoloured,
      // A provider that looks at machines may take longer than in a preview: what it doesn't see isn't repaired.
      ...(args[0] === "up" ? { HOTSPARE_LOOK: "10000" } : {}),
      ...(onEvent ? { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" } : {}),
    },
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
    detached: true,
    reject: false,
    // Events of a large stack are many megabytes; whoever reads them as they come needs no copy.
    buffer: onEvent ? { stdout: false, stderr: true } : true,
  });
  const unsubscribe = options.interrupt?.subscribe(() => child.kill("SIGINT"));
  const reader = onEvent && readEvents(child.stdout, onEvent);
  const { exitCode, stdout, stderr } = await child;
  await reader;
  unsubscribe?.();
  measure(`pulumi ${args.slice(0, args[0] === "stack" ? 2 : 1).join(" ")}`, began);
  return {
    exitCode: exitCode ?? -1,
    stdout: typeof stdout === "string" ? stdout : "",
    stderr: String(stderr ?? ""),
  };
}

async function readEvents(
  stream: NodeJS.ReadableStream,
  onEvent: (event: EngineEvent) => void,
): Promise<void> {
  for await (const line of createInterface({ input: stream })) {
    const event = parseEvent(line);
    if (event !== null) onEvent(event);
  }
}

/** A line that is no event (a provider's stray print) is none of our business. */
function parseEvent(line: string): EngineEvent | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return null;
  }
}
