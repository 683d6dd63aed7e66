// Node from the npm registry: for a machine whose own Node is too old, and for the node images. Plain JavaScript, since
// the launcher needs it before there is a new enough Node.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { environmentFor } from "../../infra/surroundings/settle.mjs";
import { digests, downloadFailure, npmProject } from "./digests.mjs";

/** The lowest Node whose type stripping and ES module support this project needs. */
export const LOWEST_NODE_MAJOR = 24;

/**
 * The npm packages that hold a bare Node binary and have no install script, for "<platform>-<architecture>". No package
 * has every release, hence a version each.
 *
 * @type {Readonly<Record<string, { name: string, version: string }>>}
 */
export const NODE_PACKAGES = JSON.parse(
  readFileSync(new URL("../../infra/node.json", import.meta.url), "utf8"),
);

/** @param {string} version such as "24.21.0" or "v24.21.0" */
export function isNewEnough(version) {
  return Number.parseInt(version.replace(/^v/, ""), 10) >= LOWEST_NODE_MAJOR;
}

/**
 * npm as a command line. Inside an npm script it is the very npm that runs the script; a different one on PATH may be
 * broken or missing.
 *
 * @param {Record<string, string | undefined>} [env]
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env = process.env) {
  const running = env.npm_execpath;
  return running?.endsWith("npm-cli.js") && existsSync(running) ? [process.execPath, running] : ["npm"];
}

/** What holds for every call of npm, whatever the environment or an .npmrc says. */
export const npmFlags = [
  ...["--no-audit", "--no-fund", "--loglevel=error"],
  ...["--global=false", "--location=project", "--dry-run=false", "--json=false"],
];

/**
 * Where the Node binary for a platform is, or will be after `installNode`.
 *
 * @param {string} cache hotspare's cache folder
 * @param {string} target platform and architecture in Node's words, such as "linux-arm64"
 * @param {{ name: string, version: string } | undefined} [known] default: this project's own Node
 * @returns {string | undefined} undefined where npm has no such binary
 */
export function nodeBinary(cache, target, known = NODE_PACKAGES[target]) {
  return known && join(cache, `node-${known.version}-${target}`, "bin", "node");
}

/**
 * Brings the Node binary for a platform into the cache, at once complete or not at all; cached ones are left as they
 * are. Two runs at the same time are harmless: the later one's copy is dropped.
 *
 * @param {string} cache hotspare's cache folder
 * @param {string} target platform and architecture in Node's words, such as "linux-arm64"
 * @param {{ name: string, version: string } | undefined} [known] default: this project's own Node
 * @param {typeof digests.npm} [pins] digests, for tests; default: those of digests.json
 * @returns {Promise<string>} the binary's path
 * @throws when npm has no binary for that platform, or cannot fetch it, or has another one than is pinned
 */
export async function installNode(cache, target, known = NODE_PACKAGES[target], pins = digests.npm) {
  const binary = nodeBinary(cache, target, known);
  if (!known || !binary)
    throw new Error(
      `npm has no Node binary for ${target}. Install Node ${LOWEST_NODE_MAJOR} or newer by hand.`,
    );
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, ".node-"));
  try {
    await fetchPackage(temporary, known, pins);
    // Only the binary and its licence are kept: headers and npm's own files are two thirds of the package.
    const unpacked = join(temporary, "node_modules", known.name);
    const kept = join(temporary, "kept");
    mkdirSync(join(kept, "bin"), { recursive: true });
    renameSync(join(unpacked, "bin", "node"), join(kept, "bin", "node"));
    if (existsSync(join(unpacked, "LICENSE"))) renameSync(join(unpacked, "LICENSE"), join(kept, "LICENSE"));
    publish(kept, join(cache, `node-${known.version}-${target}`));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return binary;
}

/** @param {string} folder @param {{ name: string, version: string }} wanted @param {typeof digests.npm} pins */
async function fetchPackage(folder, { name, version }, pins) {
  const [command, ...first] = npmCommand();
  for (const [file, text] of Object.entries(npmProject(name, version, pins)))
    writeFileSync(join(folder, file), text);
  // --force: the package of another architecture is wanted for images, and npm would refuse it.
  const args = [...first, "ci", "--prefix", folder, ...npmFlags, "--ignore-scripts", "--force"];
  const env = environmentFor("npm", process.env);
  await promisify(execFile)(command, args, { cwd: folder, env }).catch((error) => {
    const said = String(error.stderr || error.message).trim();
    const wanted = `${name}@${version}`;
    throw new Error(
      downloadFailure(wanted, said) ??
        `npm could not fetch ${wanted}: ${said.split("\n")[0]}. Check the network, or install Node ${LOWEST_NODE_MAJOR} by hand.`,
    );
  });
}

/** @param {string} from @param {string} to */
function publish(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error; // otherwise another run was first
  }
}
