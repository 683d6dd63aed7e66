import { chmod, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCodes } from "../../../../scripts/exit.ts";
import { Repository } from "../../../support/repository.ts";
import { stackFile, stacksIndex } from "./stack.ts";

/*
 * One commit, checked out by people whose git is set differently: the plan is the same, byte for byte, and the review of a clean
 * tree says that nothing has changed.
 */

const patience = 120_000;
let origin: Repository;
let plan: string;

beforeAll(async () => {
  origin = await Repository.create();
  await origin.write("shop/Dockerfile", "FROM scratch\nCOPY run /run\n");
  await origin.write("shop/run", "#!/bin/sh\necho shop\n");
  await symlink("run", join(origin.folder, "shop/start"));
  // Converted where a person's git is set so: the kit's own files have a .gitattributes against that.
  await origin.write(
    ".gitattributes",
    `${await readFile(join(origin.folder, ".gitattributes"))}shop/** !eol\n`,
  );
  await chmod(join(origin.folder, "shop/run"), 0o755);
  const image = `image: { kind: "build", context: "./shop" }, port: 8080`;
  const stack = stackFile("dev", 3).replace("active: 3", `active: 3, ${image}`);
  await origin.write("stacks/dev.ts", stack);
  await origin.write("stacks/index.ts", stacksIndex("dev"));
  await origin.commit("a stack with a build context");
  plan = await planned(origin);
}, patience);
afterAll(() => origin.remove());

async function planned(repository: Repository): Promise<string> {
  const { exitCode, stdout, stderr } = await repository.run(["plan", "dev", "--json", "--owner", "00000000"]);
  expect(exitCode, stderr).toBe(exitCodes.ok);
  return stdout;
}

/** Every file of the kit's programs and of the build context. */
async function programs({ folder }: Repository): Promise<string[]> {
  const lists = ["infra/runtime", "shop"].map(async (part) => {
    const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  return (await Promise.all(lists)).flat();
}

const chmodAll = (to: (mode: number) => number) => async (clone: Repository) => {
  for (const file of await programs(clone)) await chmod(file, to((await stat(file)).mode & 0o777));
};

async function rewriteWithCrlf(clone: Repository): Promise<void> {
  for (const file of await programs(clone))
    await writeFile(file, (await readFile(file, "utf8")).replaceAll(/\r?\n/g, "\r\n"));
}

interface Checkout {
  readonly settings: readonly string[];
  /** What else this person's machine does to the files. */
  readonly disk?: (clone: Repository) => Promise<void>;
}

const checkouts: Readonly<Record<string, Checkout>> = {
  "core.autocrlf=true": { settings: ["core.autocrlf=true"] },
  "core.eol=crlf": { settings: ["core.eol=crlf"] },
  "a checkout that had CRLF before there was a .gitattributes": {
    settings: ["core.autocrlf=true"],
    disk: rewriteWithCrlf,
  },
  "core.fileMode=false on a disk where all is executable": {
    settings: ["core.fileMode=false"],
    disk: chmodAll(() => 0o777),
  },
  "core.fileMode=false on a disk where nothing is": {
    settings: ["core.fileMode=false"],
    disk: chmodAll(() => 0o666),
  },
  "core.symlinks=false": { settings: ["core.symlinks=false"] },
  "another umask": { settings: [], disk: chmodAll((mode) => mode & 0o700) },
};

describe.each(Object.entries(checkouts))("%s", { timeout: patience }, (_, { settings, disk }) => {
  test("the same plan, and a review of nothing", async () => {
    const clone = await origin.clone(...settings.map((setting) => `--config=${setting}`));
    await disk?.(clone);
    expect(await planned(clone)).toBe(plan);
    const { exitCode, stdout } = await clone.run(["review", "dev", "--base", "HEAD"]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: exitCodes.ok });
    expect(stdout).toContain("no change");
    await clone.remove();
  });
});

describe("what a checkout means", { timeout: patience }, () => {
  test("an x bit that somebody takes away counts, where the disk's x bits mean something", async () => {
    const clone = await origin.clone();
    await chmod(join(clone.folder, "shop/run"), 0o644);
    const { exitCode } = await clone.run(["review", "dev", "--base", "HEAD"]);
    expect(exitCode).toBe(exitCodes.reviewDestructive);
    await clone.remove();
  });

  test("line ends that a .gitattributes asks for count", async () => {
    const clone = await origin.clone();
    await clone.write(".gitattributes", "shop/run text eol=crlf\n");
    await clone.commit("CRLF, on purpose");
    await rm(join(clone.folder, "shop/run"));
    await clone.git("checkout", "--", "shop/run");
    const reviewed = (base: string) => clone.run(["review", "dev", "--base", base]);
    expect(await reviewed("HEAD")).toMatchObject({ exitCode: exitCodes.ok });
    expect(await reviewed("HEAD~1")).toMatchObject({ exitCode: exitCodes.reviewDestructive });
    await clone.remove();
  });
});
