import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../infra/context.ts";

/** How a verb ended. */
export interface VerbResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds that a verb may take: less than a test of a tier that runs some. */
const longest = 280_000;

/**
 * A checkout of its own, of a person of their own: the files of this one as they are now, with its own state and identity
 * and so another owner, and the toolchain's cache shared. What a test changes in it, it changes nowhere else.
 */
export class Project {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#env = {
      XDG_STATE_HOME: join(folder, ".state"),
      XDG_CONFIG_HOME: join(folder, ".person"),
      // A variable of the person who runs the tests must not lead us to their state.
      PULUMI_BACKEND_URL: "",
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
      ...env,
    };
  }

  /** @param env more of the environment of its verbs */
  static async create(env: Readonly<Record<string, string>> = {}): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "hotspare-project-"));
    await copyCheckout(folder);
    return new Project(folder, env);
  }

  /** Starts a verb; it runs in a process group of its own, so that a test can kill all of it. */
  start(verb: string, ...args: string[]) {
    return execa(process.execPath, ["scripts/cli.ts", verb, ...args], {
      cwd: this.folder,
      env: this.#env,
      stdin: "ignore",
      detached: true,
      reject: false,
    });
  }

  /**
   * Runs a verb to its end.
   *
   * @throws Error with what it printed when it takes longer than a test may, which would be ended without a word of it
   */
  async run(verb: string, ...args: string[]): Promise<VerbResult> {
    const running = this.start(verb, ...args);
    const late = setTimeout(() => running.kill("SIGINT"), longest);
    const { exitCode, stdout, stderr, durationMs } = await running;
    clearTimeout(late);
    if (durationMs >= longest) {
      throw new Error(`${verb} ${args.join(" ")} took more than ${longest} ms:\n${stderr}\n${stdout}`);
    }
    return { exitCode: exitCode ?? -1, stdout: String(stdout), stderr: String(stderr) };
  }

  /** Runs a verb that must succeed and print a JSON document. */
  async json<T>(verb: string, ...args: string[]): Promise<T> {
    const result = await this.run(verb, ...args, "--json");
    if (result.exitCode !== 0) {
      throw new Error(
        `${verb} ${args.join(" ")} ended with ${result.exitCode}:\n${result.stderr}\n${result.stdout}`,
      );
    }
    return JSON.parse(result.stdout) as T;
  }

  /** Changes a file by replacing a text that must be there. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const path = join(this.folder, file);
    const text = await readFile(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not contain ${JSON.stringify(from)}`);
    await writeFile(path, text.replace(from, to));
  }

  /** Writes a file. */
  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  /** Loses the state, as a person does who deletes the wrong folder. */
  async loseState(): Promise<void> {
    await rm(join(this.folder, ".state"), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Copies this checkout's files as they are now, without tests and documents; the dependencies are shared. */
export async function copyCheckout(folder: string): Promise<void> {
  const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: projectRoot,
  });
  for (const file of stdout.split("\n")) {
    if (file.startsWith("test/") || file.startsWith("docs/")) continue;
    await cp(join(projectRoot, file), join(folder, file), { recursive: true }).catch(ignoreDeleted);
  }
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
}

/** Git lists what is deleted but not committed yet as well. */
function ignoreDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
