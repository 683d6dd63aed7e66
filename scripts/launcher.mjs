// The first step of every npm script: it needs nothing but an old Node and npm, and hands over to scripts/cli.ts on a
// Node that can run it, with the dependencies of package-lock.json in place. Silent when there is nothing to do.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants as system } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { folders } from "../infra/folders.mjs";
import { environmentFor, settle } from "../infra/surroundings/settle.mjs";
import { needsNoSecrets, withoutSecrets } from "./review/confine/clean-start.mjs";
import { withLock } from "./toolchain/lock.mjs";
import { installNode, isNewEnough, nodeBinary, npmCommand, npmFlags } from "./toolchain/node-binary.mjs";

const root = dirname(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname));

/** @param {string} text @param {number} [since] */
function say(text, since) {
  const elapsed = since === undefined ? "" : `  ${((Date.now() - since) / 1000).toFixed(1)}s`;
  process.stderr.write(`hotspare: ${text}${elapsed}\n`);
}

/**
 * Which Node to run on: this one, a cached one, or (undefined) one that has yet to be installed.
 *
 * @param {{ version: string, execPath: string }} own
 * @param {string | undefined} cached
 */
export function chooseNode(own, cached) {
  if (isNewEnough(own.version)) return own.execPath;
  return cached !== undefined && existsSync(cached) ? cached : undefined;
}

async function findNode() {
  const { cache } = folders();
  const target = `${process.platform}-${process.arch}`;
  const found = chooseNode(
    { version: process.version, execPath: process.execPath },
    nodeBinary(cache, target),
  );
  if (found) return found;
  const start = Date.now();
  say(`this machine's Node is ${process.version}, fetching a newer one from npm (about 80 MB) …`);
  const installed = await installNode(cache, target);
  say(`Node is at ${installed}`, start);
  return installed;
}

/**
 * Whether npm's own record of what is installed covers the lock file: true after a plain `npm ci` or `npm install`,
 * which leave no stamp of ours.
 *
 * @param {string} lockText package-lock.json
 * @param {string} installedText node_modules/.package-lock.json
 */
export function isInstalled(lockText, installedText) {
  const installed = JSON.parse(installedText).packages ?? {};
  return Object.entries(JSON.parse(lockText).packages).every(
    ([path, { version, optional, link }]) =>
      path === "" || optional || link || installed[path]?.version === version,
  );
}

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

/** @param {string} node */
async function installDependencies(node) {
  // Of a package they are its project's, by whatever package manager that has.
  if (!existsSync(join(root, "package-lock.json"))) return;
  const lockText = readFileSync(join(root, "package-lock.json"), "utf8");
  const digest = createHash("sha256").update(lockText).digest("hex");
  const stamp = join(root, "node_modules", ".hotspare-lock");
  if (read(stamp) === digest) return;
  const isThere = () => {
    const record = read(join(root, "node_modules", ".package-lock.json"));
    return record !== undefined && isInstalled(lockText, record);
  };
  // What somebody else has installed in a checkout that is theirs does as well.
  if (!isThere()) {
    checkWritable();
    await withLock(join(root, ".hotspare", "npm.lock"), () => {
      if (!isThere()) npmInstall(node);
    });
  }
  whereAllowed(() => writeFileSync(stamp, digest));
}

/** Before npm takes away what is there. */
function checkWritable() {
  const modules = join(root, "node_modules");
  try {
    for (const folder of [root, modules]) if (existsSync(folder)) accessSync(folder, constants.W_OK);
  } catch {
    throw new Error(
      `${modules} is not what package-lock.json asks for, and this user can't write there: run \`npm ci\` as the checkout's owner, or use a checkout of your own`,
    );
  }
}

/** Does what only makes the next start quicker; nothing in a checkout that can't be written. @param {() => void} work */
function whereAllowed(work) {
  try {
    work();
  } catch (error) {
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"].includes(code)) throw error;
  }
}

/** @param {string} node */
function npmInstall(node) {
  const start = Date.now();
  say("installing the npm dependencies of package-lock.json …");
  const [command, ...first] = npmCommand();
  const env = { ...environmentFor("npm", process.env), PATH: pathWith(node) };
  const flags = [...npmFlags, "--include=dev", "--include=optional"];
  const { status, stdout, stderr, error } = spawnSync(command, [...first, "ci", ...flags], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  if (status !== 0) {
    const reason = error?.message ?? `${stdout}${stderr}`.trim();
    throw new Error(`npm ci failed, so there is nothing to run with. npm says:\n${reason}`);
  }
  say("npm dependencies installed", start);
}

/**
 * `node_modules/.bin/node`: npm scripts and the language host of a plain `pulumi up` then find the newer Node.
 *
 * @param {string} node
 */
function linkNode(node) {
  const link = join(root, "node_modules", ".bin", "node");
  const isOurs = node.startsWith(folders().cache);
  if (!isOurs || (existsSync(link) && realpathSync(link) === realpathSync(node))) return;
  whereAllowed(() => {
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(node, link);
  });
}

/** @param {string} node */
const pathWith = (node) => [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);

/** In a package there is JavaScript: Node strips no types below node_modules. */
function cli() {
  const source = join(root, "scripts", "cli.ts");
  return existsSync(source) ? source : join(root, "scripts", "cli.js");
}

/** @param {string} node @param {string[]} args */
function run(node, args) {
  const env = {
    ...process.env,
    PATH: pathWith(node),
    // Node keeps what it made of our sources: a third of the start of every command.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(folders().cache, "compiled"),
  };
  const command = [cli(), ...args];
  const passed = needsNoSecrets(args) ? withoutSecrets(env) : env;
  // A process shows its first environment to all others of its user, as long as it lives: so this one becomes the next.
  if (passed !== env && process.execve) process.execve(node, [node, ...command], passed);
  const child = spawn(node, command, { stdio: "inherit", env: passed });
  // On a terminal Ctrl-C reaches the child by itself, and a second SIGINT would mean "at once, without clean-up".
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", fail);
  child.on("exit", (code, signal) => process.exit(signal ? 128 + system.signals[signal] : (code ?? 1)));
}

/** @param {unknown} error */
function fail(error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

async function main() {
  if (process.platform === "win32")
    throw new Error("Windows is not supported. Use WSL 2, where everything runs as on Linux.");
  const args = process.argv.slice(2);
  // `./hotspare` keeps them from this process, which may be of an older Node.
  if (process.env.HOTSPARE_NODE_OPTIONS) process.env.NODE_OPTIONS = process.env.HOTSPARE_NODE_OPTIONS;
  delete process.env.HOTSPARE_NODE_OPTIONS;
  for (const line of settle(process.env, { pulumi: args[0] === "pulumi" ? "the person's" : "ours" }))
    say(line);
  const node = await findNode();
  // `./hotspare` becomes this one then.
  if (args[0] === "--bring-node") return console.log(node);
  await installDependencies(node);
  linkNode(node);
  run(node, args);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href)
  main().catch(fail);
