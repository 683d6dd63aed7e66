// Applies the table of what is inherited to an environment. Plain JavaScript: the launcher needs it on older Nodes too.
import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { folders, homeFolder, noHomeVariable, temporaryRoot } from "../folders.mjs";
import { inherited } from "./table.mjs";

/** @typedef {import("./table.mjs").Inherited} Inherited */
/** @typedef {Record<string, string | undefined>} Environment */

/** @param {string} pattern @param {boolean} npm */
function expression(pattern, npm) {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(
    `^${npm ? text.replaceAll("_", "[_-]") : text}$`,
    npm || pattern.endsWith("_PROXY") ? "i" : "",
  );
}

const rows = inherited.map((row) => ({
  row,
  expressions: row.names.map((name) => expression(name, name.startsWith("npm_config_"))),
}));

/** The row that decides about a variable; undefined for one that nobody here reads. @param {string} name */
export function rowOf(name) {
  return rows.find(({ expressions }) => expressions.some((one) => one.test(name)))?.row;
}

/** A variable that was inherited, with its row. @typedef {{ name: string, row: Inherited }} Found */

/** @param {Environment} env @param {readonly Inherited["reader"][]} readers @returns {Found[]} */
function found(env, readers) {
  return Object.keys(env).flatMap((name) => {
    const row = env[name] === undefined ? undefined : rowOf(name);
    return row && readers.includes(row.reader) ? [{ name, row }] : [];
  });
}

/** Variables that are overruled by another value and not by being taken away. @type {Readonly<Record<string, string>>} */
const values = { NODE_USE_ENV_PROXY: "1", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };

/**
 * A copy without what is overruled of one reader's variables, and with what it needs.
 *
 * @param {Inherited["reader"]} reader
 * @param {Environment} env
 * @returns {Record<string, string>}
 */
export function environmentFor(reader, env) {
  const left = new Set(
    found(env, [reader]).flatMap(({ name, row }) => (row.decision === "overruled" ? [name] : [])),
  );
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || left.has(name) ? [] : [/** @type {const} */ ([name, value])],
  );
  const set = Object.entries(values).filter(([name]) => rowOf(name)?.reader === reader);
  return Object.fromEntries([...kept, ...set]);
}

/**
 * Settles what the processes that are started from here inherit: changes `env` itself. Called twice, the second call finds nothing.
 *
 * @param {Environment} env
 * @param {{ pulumi?: "ours" | "the person's" }} [options] whose command Pulumi carries out
 * @returns {string[]} what to tell the person, a line each
 */
export function settle(env, { pulumi = "ours" } = {}) {
  const told = [...settleTemporary(env), ...settleNodeOptions(env)];
  settleHome(env);
  settleUser(env);
  for (const { name, row } of found(env, ["Node", "Docker", "git", "Pulumi"])) {
    const own = name.startsWith("PULUMI_OPTION_") && pulumi === "the person's";
    if (own || name === "NODE_OPTIONS" || (row.reported && row.decision === "passed" && env[toldVariable]))
      continue;
    if (row.decision === "overruled") delete env[name];
    if (row.reported)
      told.push(`${name} is ${row.decision === "passed" ? "set" : "not passed on"}: ${row.reason}`);
  }
  env.NODE_USE_ENV_PROXY = values.NODE_USE_ENV_PROXY;
  env[toldVariable] = "1";
  return told;
}

/** Set once the person was told, for the processes below. */
const toldVariable = "HOTSPARE_SETTLED";

/** @param {Environment} env */
function settleTemporary(env) {
  const usable = temporaryRoot(env);
  return ["TMPDIR", "TMP", "TEMP"].flatMap((name) => {
    const value = env[name];
    if (value === undefined || temporaryRoot({ TMPDIR: value }) === value) return [];
    delete env[name];
    return [`${name}: "${value}" is no folder that can be written, so ${usable} is used`];
  });
}

/** @param {Environment} env */
function settleHome(env) {
  if (homeFolder(env) !== null || env[noHomeVariable]) return;
  const home = join(folders(env).cache, "no-home");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  env.HOME = home;
  env[noHomeVariable] = "1";
}

/** Pulumi, for one, doesn't start without a name, and finds none for a number that isn't in passwd. @param {Environment} env */
function settleUser(env) {
  if (env.USER) return;
  try {
    userInfo();
  } catch {
    env.USER = `uid-${process.getuid?.()}`;
  }
}

/** Of memory, trust and the network: those mean the same in every process. */
const keptOptions =
  /^--(?:max-(?:old-space|semi-space|old-space-size-percentage)|stack-trace-limit|(?:no-)?use-(?:openssl|bundled|system)-ca|use-env-proxy|tls-|openssl-|enable-fips|force-fips|secure-heap|dns-result-order|(?:no-)?network-family|no-warnings|disable-warning|(?:no-)?deprecation)/;

/** @param {Environment} env */
function settleNodeOptions(env) {
  const text = env.NODE_OPTIONS;
  if (!text) return [];
  const { kept, left } = splitOptions(text);
  if (left.length === 0) return [];
  if (kept.length > 0) env.NODE_OPTIONS = kept.join(" ");
  else delete env.NODE_OPTIONS;
  return [
    `NODE_OPTIONS: \`${left.join(" ")}\` is not passed on; only what concerns memory, TLS and the network is`,
  ];
}

/** Options with their values, which may follow as a word of their own. @param {string} text */
export function splitOptions(text) {
  const words = text.match(/(?:"(?:\\.|[^"])*"|\S)+/g) ?? [];
  /** @type {{ kept: string[], left: string[] }} */
  const result = { kept: [], left: [] };
  let target = result.left;
  for (const word of words) {
    if (word.startsWith("-")) target = keptOptions.test(word) ? result.kept : result.left;
    target.push(word);
  }
  return result;
}
