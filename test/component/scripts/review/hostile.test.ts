import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Review } from "../../../../components/review/types.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import { hasJails } from "../../../../scripts/review/confine/jail.ts";
import type { Repository } from "../../../support/repository.ts";
import { repositoryOf, stackFile } from "./stack.ts";

/*
 * Stack files of somebody who wants what the review's machine has. What they get they can only say in the review itself, where it is
 * looked at here.
 */

const patience = 180_000;
const canary = "canary-7c1f0d3b9a";
const secrets = { HOTSPARE_CANARY: canary, GITHUB_TOKEN: canary, PULUMI_CONFIG_PASSPHRASE: canary };
let repository: Repository;
let first: string;
let server: Server;
let connections = 0;
let port = 0;
/** A file of the person, beside the repository. */
let outside: string;
/** PATH of a machine whose kernel gives nobody namespaces. */
let withoutNamespaces: string;

beforeAll(async () => {
  ({ repository, first } = await repositoryOf({ dev: 3 }));
  server = createServer((socket) => {
    // By a word, since a port of this machine may have had another owner a moment ago.
    socket.once("data", (said) => {
      if (said.toString().startsWith("stolen")) connections += 1;
      socket.destroy();
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
  outside = join(repository.person, "diary");
  await writeFile(outside, canary);
  const folder = join(repository.person, "bin");
  await mkdir(folder);
  await writeFile(
    join(folder, "unshare"),
    "#!/bin/sh\necho 'unshare: Operation not permitted' >&2\nexit 1\n",
  );
  await chmod(join(folder, "unshare"), 0o755);
  withoutNamespaces = `${folder}${delimiter}${process.env.PATH}`;
}, patience);
beforeEach(() => repository.reset(first));
afterAll(async () => {
  server.close();
  await repository.remove();
});

/** Tries every way to what a stack has no business with, and says what came of each. */
const trying = () => `
const { readFileSync, writeFileSync, symlinkSync } = process.getBuiltinModule("fs");
const { connect } = process.getBuiltinModule("net");
const outside = ${JSON.stringify(outside)};
const got = {};
const attempt = async (name, way) => {
  try { got[name] = String(await way()).slice(0, 300); } catch (error) { got[name] = "refused"; }
};
const reach = (to) => new Promise((resolve, reject) => {
  const socket = connect(to, () => socket.end("stolen", () => resolve("connected")));
  socket.on("error", reject);
});
const environments = () => {
  const found = [];
  for (let pid = process.ppid; pid > 0; ) {
    found.push(readFileSync("/proc/" + pid + "/environ", "latin1"));
    pid = Number(/^PPid:\\s*(\\d+)/m.exec(readFileSync("/proc/" + pid + "/status", "latin1"))?.[1] ?? 0);
  }
  return found.join(" ") || "none";
};
await attempt("environment", () => Object.keys(process.env).sort().join(" "));
await attempt("ancestors", environments);
await attempt("parent", () => process.ppid === 0 ? "none" : process.kill(process.ppid, 0));
await attempt("network", () => reach({ host: "127.0.0.1", port: ${port} }));
await attempt("outside", () => readFileSync(outside, "utf8"));
await attempt("repository", () => readFileSync(".git/config", "utf8"));
await attempt("link", () => { symlinkSync(outside, process.env.HOME + "/l"); return readFileSync(process.env.HOME + "/l", "utf8"); });
await attempt("process", () => process.getBuiltinModule("child_process").execFileSync("cat", [outside]));
await attempt("worker", () => new (process.getBuiltinModule("worker_threads").Worker)("1", { eval: true }));
await attempt("become", () => process.execve("/bin/true", ["true"], {}));
await attempt("binding", () => process.binding("fs"));
await attempt("addon", () => process.dlopen({ exports: {} }, "/nowhere.node"));
await attempt("write", () => writeFileSync(outside + ".new", "x"));
await attempt("source", () => writeFileSync(new URL("./index.ts", import.meta.url), "x"));
throw new Error("got " + JSON.stringify(got));
`;

const refusedAlways = {
  outside: "refused",
  repository: "refused",
  link: "refused",
  process: "refused",
  worker: "refused",
  become: "refused",
  binding: "refused",
  addon: "refused",
  write: "refused",
  source: "refused",
};

interface Outcome {
  readonly exitCode: number;
  readonly review: Review;
  readonly said: string;
}

async function review(env: Readonly<Record<string, string>>, ...options: string[]): Promise<Outcome> {
  const args = ["review", "dev", "--base", first, "--format", "json", ...options];
  const { exitCode, stdout, stderr } = await repository.run(args, { ...secrets, ...env });
  return { exitCode, review: JSON.parse(stdout) as Review, said: stdout + stderr };
}

/** What the file's ways came to. */
function gotIn({ failures }: Review): Record<string, string> {
  const [, json = "{}"] = /got (\{.*\})/.exec(failures[0]?.message ?? "") ?? [];
  return JSON.parse(json) as Record<string, string>;
}

describe.each([
  ["the working tree", []],
  ["a commit", ["--head", "HEAD"]],
])("a hostile stack file in %s", { timeout: patience }, (_, options) => {
  beforeEach(async () => {
    connections = 0;
    await repository.write("stacks/dev.ts", trying());
    await repository.commit("a small improvement");
  });

  test("gets nothing where there are namespaces, and what this machine has is what the report says", async () => {
    const namespaces = await hasJails();
    const { exitCode, review: found, said } = await review({}, ...options);
    expect(exitCode, said).toBe(exitCodes.failed);
    const { environment, ...got } = gotIn(found);
    // In a namespace the parent is a shell, without rights and with the same environment.
    const network = namespaces ? "refused" : "connected";
    expect(got).toEqual({ ...refusedAlways, ancestors: "refused", parent: "true", network });
    expect(environment).not.toMatch(/TOKEN|CANARY|PASSPHRASE/);
    expect(found.confinement).toEqual({ permissions: true, namespaces });
    expect(connections).toBe(namespaces ? 0 : 1);
    expect(said).not.toContain(canary);
  });

  test("gets no environment, no file and no process where there are none", async () => {
    const { exitCode, review: found, said } = await review({ PATH: withoutNamespaces }, ...options);
    expect(exitCode, said).toBe(exitCodes.failed);
    const { environment, parent, network, ...got } = gotIn(found);
    expect(got).toEqual({ ...refusedAlways, ancestors: "refused" });
    expect(environment).not.toMatch(/TOKEN|CANARY|PASSPHRASE/);
    // Node's permissions of this version say nothing of sockets and signals; the report says what was not in force.
    expect({ parent, network }).toEqual({ parent: "true", network: "connected" });
    expect(found.confinement).toEqual({ permissions: true, namespaces: false });
    expect(said).not.toContain(canary);
  });
});

describe("what else a stranger's stack may do", { timeout: patience }, () => {
  test("a link that leads out of the tree is refused, with its name", async () => {
    await symlink(outside, join(repository.folder, "stacks/diary.json"));
    await repository.write(
      "stacks/dev.ts",
      `import { readFileSync } from "node:fs";\nthrow new Error(readFileSync(new URL("./diary.json", import.meta.url), "utf8"));`,
    );
    await repository.commit("a diary");
    for (const options of [[], ["--head", "HEAD"]]) {
      const { review: found, said } = await review({}, ...options);
      expect(found.failures[0]?.message).toContain(
        "stacks/diary.json: it is a link that leads out of the repository",
      );
      expect(said).not.toContain(canary);
    }
  });

  test("terminal escapes and a workflow's commands are shown as what they are", async () => {
    await repository.write(
      "stacks/dev.ts",
      String.raw`console.log("\u001b[2J"); throw new Error("\u001b]0;owned\u0007\n::error::forged\n\u202enot");`,
    );
    const { said, review: found } = await review({});
    expect(found.failures[0]?.message).toContain("␛]0;owned");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not be there
    expect(said).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(said).not.toMatch(/^::/m);
  });

  test("a stack that prints without end is ended, and named", async () => {
    await repository.write(
      "stacks/dev.ts",
      `const { writeSync } = process.getBuiltinModule("fs");\nfor (;;) try { writeSync(2, "x".repeat(65_536)); } catch {}`,
    );
    const { exitCode, review: found } = await review({});
    expect(exitCode).toBe(exitCodes.failed);
    expect(found.failures[0]?.message).toMatch(/stacks\/dev\.ts ended the process .*printed more than/);
  });

  test("a plan that is forged on the way is read as any stranger's text", async () => {
    await repository.write(
      "stacks/dev.ts",
      `process.getBuiltinModule("fs").writeSync(3, "no answer"); process.exit(0);`,
    );
    const { exitCode, review: found } = await review({});
    expect(exitCode).toBe(exitCodes.failed);
    expect(found.failures[0]?.phase).toBe("head");
  });
});

test("the launcher leaves no process with the environment that it was given", {
  timeout: patience,
}, async () => {
  await repository.write(
    "stacks/dev.ts",
    `await new Promise((done) => setTimeout(done, 8000));\n${stackFile("dev", 3)}`,
  );
  const child = execa(process.execPath, ["scripts/launcher.mjs", "review", "dev", "--base", first], {
    cwd: repository.folder,
    env: { ...secrets, HOME: repository.person, XDG_CACHE_HOME: join(repository.person, "cache") },
    reject: false,
  });
  const environment = () => readFile(`/proc/${child.pid}/environ`, "latin1");
  await expect.poll(environment, { timeout: 60_000, interval: 100 }).not.toContain(canary);
  expect(await readFile(`/proc/${child.pid}/cmdline`, "latin1")).toContain("cli.ts");
  const { exitCode, stderr } = await child;
  expect(exitCode, stderr).toBe(exitCodes.ok);
});
