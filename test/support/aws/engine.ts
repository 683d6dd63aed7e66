import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { EngineInput } from "../../../components/review/engine/types.ts";
import { stackFileVariable } from "../../../infra/stack-source.ts";
import { credentials } from "./facts.ts";
import { FleetServer } from "./provider/fleet-server.ts";
import { AwsStandIn } from "./provider/provider.ts";

/** What the engine does with one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** Inputs that differ, as far as the engine says. */
  readonly diffs: readonly string[];
}

export interface Run {
  /** Steps that change something, in the order that they began; those of the stack and of components as well. */
  readonly steps: readonly Step[];
  /** What the engine told people of errors; "" where all went well. */
  readonly errors: string;
  /** All that was printed. */
  readonly said: string;
}

/** The real engine over the real program, with state of its own and without an account, a region or a network. */
export class Engine {
  readonly provider = new AwsStandIn();
  readonly #api = new FleetServer(this.provider);
  readonly #folder: string;
  readonly #stack: string;
  #port = 0;
  #apiUrl = "";

  private constructor(folder: string, stack: string) {
    this.#folder = folder;
    this.#stack = stack;
  }

  /** @param secrets values by name */
  static async create(stack: string, secrets: Readonly<Record<string, string>> = {}): Promise<Engine> {
    const engine = new Engine(await mkdtemp(join(tmpdir(), "hotspare-aws-")), stack);
    await mkdir(join(engine.#folder, "state"));
    const runtime = { name: "nodejs", options: { typescript: false } };
    const project = { name: "hotspare", main: join(import.meta.dirname, "../../../infra/index.ts"), runtime };
    await writeFile(join(engine.#folder, "Pulumi.yaml"), JSON.stringify(project));
    engine.#port = await engine.provider.start();
    engine.#apiUrl = await engine.#api.start();
    await engine.#must(["stack", "init", stack]);
    for (const [name, value] of Object.entries(secrets))
      await engine.#must(["config", "set", "--secret", name, value]);
    return engine;
  }

  async remove(): Promise<void> {
    this.provider.stop();
    this.#api.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  preview(stack: object): Promise<Run> {
    return this.#run(["preview"], stack);
  }

  /** A preview as a review reads it: the engine's lines, and the state that it began with. */
  async previewed(stack: object): Promise<EngineInput> {
    const state = await this.state();
    const { stdout } = await this.#started(["preview"], stack);
    return { events: linesOf(stdout), state: JSON.parse(state) };
  }

  up(stack: object): Promise<Run> {
    return this.#run(["up", "--yes", "--skip-preview"], stack);
  }

  /** An `up` that gets Ctrl-C once something is so. */
  async upInterrupted(stack: object, when: () => boolean): Promise<Run> {
    await this.#write(stack);
    const running = this.#start(["up", "--yes", "--skip-preview", "--json"]);
    const interrupting = setInterval(() => {
      if (!when()) return;
      clearInterval(interrupting);
      running.kill("SIGINT");
    }, 100);
    const run = runOf(await running);
    clearInterval(interrupting);
    return run;
  }

  /** Looks at what is really there, and then brings it to what the stack says. */
  refreshAndUp(stack: object): Promise<Run> {
    return this.#run(["up", "--yes", "--skip-preview", "--refresh"], stack);
  }

  /** The state as the backend has it. */
  async state(): Promise<string> {
    const { stdout } = await this.#start(["stack", "export"]);
    return stdout;
  }

  destroy(): Promise<Run> {
    return this.#run(["destroy", "--yes", "--skip-preview"], {});
  }

  /** A command of the CLI's own over a stack. @throws Error with what it says when it fails */
  async call(stack: object, ...args: string[]): Promise<void> {
    await this.#write(stack);
    await this.#must(args);
  }

  async unprotect(): Promise<void> {
    await this.#must(["state", "unprotect", "--all", "--yes"]);
  }

  async #run(args: readonly string[], stack: object): Promise<Run> {
    return runOf(await this.#started(args, stack));
  }

  async #started(args: readonly string[], stack: object) {
    await this.#write(stack);
    return this.#start([...args, "--json"]);
  }

  async #write(stack: object): Promise<void> {
    await writeFile(this.#stackFile, JSON.stringify({ input: stack, images: null }));
  }

  async #must(args: readonly string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await this.#start(args);
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${stdout}${stderr}`);
  }

  get #stackFile(): string {
    return join(this.#folder, "stack.json");
  }

  #start(args: readonly string[]) {
    const { PATH, HOME, TMPDIR } = process.env;
    return execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.#folder,
      reject: false,
      stdin: "ignore",
      // Nothing of the person's account gets in.
      extendEnv: false,
      env: {
        PATH,
        HOME,
        TMPDIR,
        [stackFileVariable]: this.#stackFile,
        PULUMI_BACKEND_URL: `file://${join(this.#folder, "state")}`,
        PULUMI_STACK: this.#stack,
        PULUMI_CONFIG_PASSPHRASE: "of tests only",
        PULUMI_DEBUG_PROVIDERS: `aws:${this.#port}`,
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // By which the program has AWS replace machines.
        AWS_ENDPOINT_URL: this.#apiUrl,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    });
  }
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode?: number | undefined;
}

function runOf({ stdout, stderr, exitCode }: Ended): Run {
  const events = linesOf(stdout).map((line) => JSON.parse(line));
  const errors = events.flatMap(({ diagnosticEvent: said }) =>
    said?.severity === "error" ? [said.message] : [],
  );
  return {
    steps: events.flatMap(stepOf),
    // Whatever goes wrong before there are events.
    said: `${stdout}${stderr}`,
    errors: errors.join("") || (exitCode === 0 ? "" : `ended with ${exitCode}: ${stderr}`),
  };
}

const linesOf = (stdout: string): string[] => stdout.split("\n").filter((line) => line.startsWith("{"));

/** An event as the step that it announces. */
function stepOf({ resourcePreEvent }: { resourcePreEvent?: { metadata: Step } }): Step[] {
  if (resourcePreEvent === undefined) return [];
  const { op, urn, diffs } = resourcePreEvent.metadata;
  return ["same", "read"].includes(op) ? [] : [{ op, urn, diffs: diffs ?? [] }];
}
