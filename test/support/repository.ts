import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { copyCheckout, type VerbResult } from "./project.ts";

/**
 * A git repository with the files of this checkout as they are now, on a branch `main` with one commit, of a person of their
 * own. For tests of what the commands say about revisions.
 */
export class Repository {
  readonly folder: string;
  /** What the person keeps: cache, state, configuration. Outside the repository, as at home. */
  readonly person: string;

  private constructor(root: string) {
    this.folder = join(root, "project");
    this.person = join(root, "person");
  }

  static async create(): Promise<Repository> {
    const repository = new Repository(await mkdtemp(join(tmpdir(), "hotspare-repository-")));
    await copyCheckout(repository.folder);
    await mkdir(repository.person);
    await makeRepository(repository.folder);
    return repository;
  }

  /** A clone that has the last commit alone, as CIs make it. */
  async shallowClone(): Promise<Repository> {
    return this.clone("--depth=1");
  }

  /** A clone, of another person. @param options those of `git clone`, e.g. `--config=core.autocrlf=true` */
  async clone(...options: string[]): Promise<Repository> {
    const clone = new Repository(await mkdtemp(join(tmpdir(), "hotspare-repository-")));
    await this.git("clone", "--quiet", ...options, `file://${this.folder}`, clone.folder);
    await symlink(join(this.folder, "node_modules"), join(clone.folder, "node_modules"));
    return clone;
  }

  /** Runs git, as somebody whose own settings play no part. */
  async git(...args: string[]): Promise<string> {
    return git(this.folder, args);
  }

  /** Commits all that lies there. Returns the commit. */
  async commit(message: string): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", `--message=${message}`);
    return this.git("rev-parse", "HEAD");
  }

  /** Back to `main` as it was at first; what was changed or left is gone. */
  async reset(first: string): Promise<void> {
    await this.git("checkout", "--quiet", "--force", "-B", "main", first);
    await this.git("clean", "--quiet", "--force", "-d");
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, file)), { recursive: true });
    await writeFile(join(this.folder, file), text);
  }

  /** Changes a file by replacing a text that must be there. */
  async edit(file: string, from: string | RegExp, to: string): Promise<void> {
    const text = await readFile(join(this.folder, file), "utf8");
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${file} has no ${from}`);
    await this.write(file, edited);
  }

  /** Starts a verb; `env` comes on top of a person's own folders. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return execa(process.execPath, ["scripts/cli.ts", ...args], {
      cwd: this.folder,
      env: {
        HOME: this.person,
        XDG_CACHE_HOME: join(this.person, "cache"),
        XDG_CONFIG_HOME: join(this.person, "config"),
        XDG_STATE_HOME: join(this.person, "state"),
        NODE_COMPILE_CACHE: join(this.person, "compiled"),
        ...env,
      },
      stdin: "ignore",
      reject: false,
    });
  }

  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<VerbResult> {
    const { exitCode, stdout, stderr } = await this.start(args, env);
    return { exitCode: exitCode ?? -1, stdout: String(stdout), stderr: String(stderr) };
  }

  /** Scratch folders of reviews that lie there now. */
  async scratchFolders(): Promise<string[]> {
    return readdir(join(this.person, "cache", "hotspare", "review")).catch(() => []);
  }

  async remove(): Promise<void> {
    await rm(dirname(this.folder), { recursive: true, force: true });
  }
}

/** Makes a folder a repository with all its files in one commit on `main`. */
export async function makeRepository(folder: string): Promise<void> {
  await git(folder, ["init", "--quiet", "--initial-branch=main"]);
  await git(folder, ["add", "--all"]);
  await git(folder, ["commit", "--quiet", "--message=the beginning"]);
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  const identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.test"];
  const { stdout } = await execa("git", [...identity, ...args], {
    cwd: folder,
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  });
  return stdout;
}
