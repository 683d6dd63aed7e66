import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../../infra/context.ts";
import { temporaryFolder, write } from "../../support/temporary.ts";

/*
 * `./hotspare` hands over to the launcher from wherever it is called. What it starts is stood in for here: a launcher that tells who
 * started it, and how.
 */

const echo = `console.log(JSON.stringify({ node: process.execPath, at: process.argv[1], args: process.argv.slice(2) }));\n`;

/** A project in a folder with spaces and quotes in its name, and nothing in it but the binary and a stand-in for the launcher. */
async function project(): Promise<string> {
  const folder = join(temporaryFolder(), "it's a  folder");
  mkdirSync(folder);
  await execa("cp", ["-p", join(projectRoot, "hotspare"), folder]);
  write(join(folder, "scripts/launcher.mjs"), echo);
  return folder;
}

async function told(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
) {
  const { stdout, stderr } = await execa(command, args, { cwd: "/", ...options });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as { node: string; at: string; args: string[] };
}

const args = ["plan", "two words", "", "-n", "--", "$HOME", "*"];

describe("the binary", () => {
  test("is tracked and can be run", async () => {
    const { stdout } = await execa("git", ["ls-files", "--stage", "hotspare"], { cwd: projectRoot });
    expect(stdout).toMatch(/^100755 /);
  });

  test("finds its project from any folder, with every argument as it was", async () => {
    const folder = await project();
    const expected = { at: join(folder, "scripts/launcher.mjs"), args };
    expect(await told(join(folder, "hotspare"), args)).toMatchObject(expected);
    expect(await told("./hotspare", args, { cwd: folder })).toMatchObject(expected);
    expect(await told("../hotspare", args, { cwd: join(folder, "scripts") })).toMatchObject(expected);
    expect(await told("sh", ["hotspare", ...args], { cwd: folder })).toMatchObject(expected);
    const path = `${folder}:${process.env.PATH}`;
    expect(await told("hotspare", args, { env: { PATH: path } })).toMatchObject(expected);
    // CDPATH makes `cd` go elsewhere and print where.
    expect(
      await told("./hotspare", args, { cwd: folder, env: { CDPATH: `/:${projectRoot}` } }),
    ).toMatchObject(expected);
  });

  test("is found through links, absolute ones, relative ones and links to links", async () => {
    const folder = await project();
    const links = join(temporaryFolder(), "a place for links");
    mkdirSync(links);
    symlinkSync(join(folder, "hotspare"), join(links, "absolute"));
    symlinkSync("absolute", join(links, "relative"));
    symlinkSync(folder, join(links, "folder"));
    for (const link of ["absolute", "relative", "folder/hotspare"]) {
      const { at } = await told(join(links, link), []);
      expect(at).toBe(join(folder, "scripts/launcher.mjs"));
    }
  });

  test("takes a Node that an earlier command brought where PATH has none", async () => {
    const folder = await project();
    const cache = join(temporaryFolder(), "cache");
    mkdirSync(join(cache, "hotspare/node-24.0.0-linux-x64/bin"), { recursive: true });
    const cached = join(cache, "hotspare/node-24.0.0-linux-x64/bin/node");
    write(cached, `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
    chmodSync(cached, 0o755);
    const env = { PATH: withoutNode(), XDG_CACHE_HOME: cache };
    expect(await told(join(folder, "hotspare"), ["plan"], { env })).toMatchObject({ args: ["plan"] });
  });

  test("leaves a Node that is too old for the one that it brings", async () => {
    const folder = await project();
    const [bin, newer] = [join(temporaryFolder(), "bin"), join(temporaryFolder(), "newer")];
    mkdirSync(bin);
    // It has an old one's version and runs nothing but the launcher's first step.
    write(
      join(bin, "node"),
      `#!/bin/sh\n[ "$1" = --version ] && echo v20.19.2 && exit\n[ "$2" = --bring-node ] && echo '${newer}' && exit\nexit 9\n`,
    );
    write(newer, `#!/bin/sh\nexec ${process.execPath} "$@"\n`);
    for (const file of [join(bin, "node"), newer]) chmodSync(file, 0o755);
    const env = { PATH: `${bin}:${withoutNode()}` };
    expect(await told(join(folder, "hotspare"), ["review"], { env })).toMatchObject({ args: ["review"] });
    write(join(bin, "node"), "#!/bin/sh\n[ $1 = --version ] && echo v20.19.2 && exit\nexit 7\n", 0o755);
    const { exitCode } = await execa(join(folder, "hotspare"), ["review"], { env, reject: false });
    expect(exitCode).toBe(7);
  });

  test("says what to do where there is none at all", async () => {
    const folder = await project();
    const { exitCode, stdout, stderr } = await execa(join(folder, "hotspare"), ["plan"], {
      env: { PATH: withoutNode(), HOME: "/nonexistent", XDG_CACHE_HOME: "" },
      reject: false,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: "" });
    expect(stderr).toMatch(/^hotspare: there is no Node\.js on PATH; install it.*$/);
  });
});

/** A PATH with what the script itself needs, and no Node. */
function withoutNode(): string {
  const folder = join(temporaryFolder(), "tools");
  mkdirSync(folder);
  for (const tool of ["dirname", "readlink", "sh"]) symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  return folder;
}
