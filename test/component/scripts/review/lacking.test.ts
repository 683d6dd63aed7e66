import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Review } from "../../../../components/review/types.ts";
import type { Repository } from "../../../support/repository.ts";
import { makeRepository } from "../../../support/repository.ts";
import { temporaryFolder } from "../../../support/temporary.ts";
import { repositoryOf, stackFile } from "./stack.ts";

/*
 * What plans need and no commit holds: a review says which it is, why, and what to do.
 */

const patience = 240_000;
let repository: Repository;
let first: string;

beforeAll(async () => {
  ({ repository, first } = await repositoryOf({ dev: 3 }));
}, patience);
beforeEach(() => repository.reset(first));
// Git cleans no folder that has a repository of its own.
afterEach(async () => {
  for (const folder of ["vendor", "shop"])
    await rm(join(repository.folder, folder), { recursive: true, force: true });
});
afterAll(() => repository.remove());

async function review(...args: string[]): Promise<Review> {
  const { stdout, stderr } = await repository.run(["review", "dev", ...args, "--format", "json"]);
  expect(stdout, stderr).not.toBe("");
  return JSON.parse(stdout) as Review;
}

const built = (context: string) =>
  stackFile("dev", 3).replace(
    "active: 3",
    `active: 3, port: 80, image: { kind: "build", context: "${context}" }`,
  );
const sizes = (name: string) =>
  `import sizes from "./${name}" with { type: "json" };\n${stackFile("dev", 3).replace("active: 3", "active: sizes.web")}`;

async function ignore(line: string): Promise<void> {
  await repository.edit(".gitignore", /$/, `\n${line}\n`);
}

async function submodule(path: string): Promise<void> {
  const other = temporaryFolder();
  await writeFile(join(other, "Dockerfile"), "FROM scratch\n");
  await makeRepository(other);
  await repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, path);
}

const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:0a1b\nsize 12345\n";

describe("a revision that can't be planned", { timeout: patience }, () => {
  const failure = async () =>
    (await review("--base", "HEAD")).failures.map(({ message }) => message).join("\n");

  test("for a file that git ignores", async () => {
    await ignore("stacks/sizes.json");
    await repository.write("stacks/sizes.json", '{ "web": 3 }');
    await repository.write("stacks/dev.ts", sizes("sizes.json"));
    await repository.commit("sizes are mine alone");
    expect(await failure()).toContain(
      '"stacks/sizes.json" is ignored by git, so no commit has it, and a review and everybody else lack it; take it out of .gitignore',
    );
  });

  test("for a file that nobody has committed", async () => {
    await repository.write("stacks/dev.ts", sizes("sizes.json"));
    await repository.commit("without it");
    await repository.write("stacks/sizes.json", '{ "web": 3 }');
    expect(await failure()).toContain(
      '"stacks/sizes.json" is in this checkout and in no commit that was asked for; commit it',
    );
  });

  test("for a build context that is a submodule", async () => {
    await submodule("vendor");
    await repository.write("stacks/dev.ts", built("./vendor"));
    await repository.commit("built from a submodule");
    expect(await failure()).toContain(
      '"vendor" is a git submodule, of whose files a commit holds none, so a review can\'t see them',
    );
  });

  test("for a pointer of Git LFS", async () => {
    await repository.write("stacks/sizes.json", lfs);
    await repository.write("stacks/dev.ts", sizes("sizes.json"));
    await repository.commit("sizes are large");
    expect(await failure()).toContain('"stacks/sizes.json" is kept by Git LFS');
  });

  test("for a reason of its own is told by that alone", async () => {
    await repository.write("stacks/dev.ts", "export default {,,};");
    await repository.commit("broken");
    expect(await failure()).not.toMatch(/git|LFS/);
  });
});

describe("a build context that is planned", { timeout: patience }, () => {
  test("with files that git ignores, in a submodule, or kept by Git LFS, is told of", async () => {
    await submodule("shop/theme");
    await ignore("shop/dist");
    await repository.write("shop/Dockerfile", "FROM scratch\nCOPY . /\n");
    await repository.write("shop/logo.png", lfs);
    await repository.write("stacks/dev.ts", built("./shop"));
    await repository.commit("built from much");
    await repository.write("shop/dist/app.js", "1");
    const texts = ((await review("--base", "HEAD")).change?.sentences ?? []).map(({ text }) => text);
    expect(texts).toContainEqual(
      expect.stringMatching(/^"shop\/theme" in the build context of pool web is a git sub/),
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/^in the build context of pool web "logo\.png" is kept by Git/),
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/^the build context of pool web has 1 file that git ignores \("dist\/app\.js"\)/),
    );
  });
});
