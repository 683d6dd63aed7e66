import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { projectRoot } from "../../../infra/context.ts";
import { Progress } from "../../../scripts/toolchain/progress.ts";
import { readyPulumi } from "../../../scripts/toolchain/ready.ts";
import { type Case, cases } from "./cases.ts";
import { writeFixture } from "./fixture.ts";
import { LabProvider } from "./provider.ts";

/*
 * Records what the real engine says about the programs of cases.ts, as fixtures of the tests:
 * `node test/support/record-engine-runs/record.ts [case…]`. See README.md beside this file.
 */

const here = import.meta.dirname;
const work = join(projectRoot, ".hotspare/engine-runs");

class Recorder {
  readonly #case: Case;
  readonly #folder: string;
  readonly #provider = new LabProvider();
  #port = 0;

  constructor(entry: Case) {
    this.#case = entry;
    this.#folder = join(work, entry.name);
  }

  async record(): Promise<void> {
    await this.#prepare();
    const { exists } = this.#case;
    if (exists !== undefined) this.#provider.world.set(exists, { size: "a", ref: "r", revision: 1 });
    try {
      if (!this.#case.fresh)
        await this.#pulumi(["up", "--skip-preview", "--yes"], "before", { reject: false });
      if (this.#case.failing)
        await this.#pulumi(["up", "--skip-preview", "--yes"], "failing", { reject: false });
      for (const args of this.#case.between ?? []) await this.#pulumi([...args, "--yes"], "after");
      this.#case.meddle?.(this.#provider);
      const state = await this.#pulumi(["stack", "export"], "after");
      const events = await this.#events();
      await writeFixture(this.#case.name, events, JSON.parse(state), this.#case.cut);
    } finally {
      this.#provider.stop();
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  async #prepare(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(join(this.#folder, "state"), { recursive: true });
    const project = {
      name: "recorded",
      main: join(here, "program.ts"),
      runtime: { name: "nodejs", options: { typescript: false } },
    };
    await writeFile(join(this.#folder, "Pulumi.yaml"), JSON.stringify(project));
    this.#port = await this.#provider.start();
    await this.#pulumi(["stack", "init", "lab"], "before");
  }

  #events(): Promise<string> {
    const { command = ["preview"], args = [], policies, kill } = this.#case;
    const all = [...command, ...args, "--json", ...(policies ? ["--policy-pack", join(here, policies)] : [])];
    if (kill) return this.#killed(all);
    return this.#pulumi(all, "after", { reject: false });
  }

  /** Ends the engine as a power cut would, as soon as it has said something about a step. */
  async #killed(args: readonly string[]): Promise<string> {
    const child = this.#start(args, "after", { reject: false });
    let steps = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      steps += chunk.toString().split('"resourcePreEvent"').length - 1;
      if (steps > 5) child.kill("SIGKILL");
    });
    return String((await child).stdout);
  }

  async #pulumi(args: readonly string[], program: string, options: Options = {}): Promise<string> {
    const { stdout, stderr, exitCode } = await this.#start(args, program, options);
    if (exitCode !== 0)
      console.log(`  ${args.slice(0, 2).join(" ")} (${program}) ended with ${exitCode} ${stderr}`);
    return String(stdout);
  }

  #start(args: readonly string[], program: string, options: Options) {
    const { PULUMI_BACKEND_URL: _mine, ...environment } = process.env;
    return execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
      ...options,
      cwd: this.#folder,
      extendEnv: false,
      env: {
        ...environment,
        PATH: `${join(here, "policy-pack")}:${process.env.PATH}`,
        PULUMI_BACKEND_URL: `file://${join(this.#folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "of recordings only",
        PULUMI_DEBUG_PROVIDERS: ["lab", "aws", "docker"].map((name) => `${name}:${this.#port}`).join(","),
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        LAB_CASE: this.#case.name,
        LAB_PROGRAM: program,
      },
    });
  }
}

await readyPulumi(new Progress());
const asked = process.argv.slice(2);
for (const entry of cases.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  await new Recorder(entry).record();
  console.log(`recorded ${entry.name}`);
}
