import { type Entry, parseKeepalived, withinOf, wordsAfter } from "./parse.ts";

/*
 * What `keepalived -t` lets pass: it reads one machine's file, and what keeps an address is how the files of all of them fit. Sources:
 * keepalived.conf(5) and RFC 9568; what 2.2.7 reads and then ignores is told there in its log alone.
 */

/** One machine's file. */
export interface KeepalivedFile {
  readonly machine: string;
  readonly text: string;
}

interface Instance {
  readonly machine: string;
  readonly globals: readonly Entry[];
  readonly entries: readonly Entry[];
  readonly name: string;
}

/** One end's problem, or none. */
type EndRule = (one: Instance) => string[];
/** What doesn't fit between one end and the others. */
type PairRule = (one: Instance, others: readonly Instance[]) => string[];

const number = (one: Instance, name: string) => Number(wordsAfter(one.entries, name));
const addresses = (list: readonly Entry[]) => list.map(({ words: [address = ""] }) => address);
const peers = (one: Instance) => addresses(withinOf(one.entries, "unicast_peer"));
const has = (one: Instance, name: string) => one.entries.some(({ words }) => words[0] === name);

/** Most addresses of one advert; keepalived makes the rest excluded ones, which nobody hears of. */
const mostAddresses = 20;

const ends: readonly EndRule[] = [
  (one) => {
    const advert = number(one, "advert_int");
    if (advert >= 0.01 && advert <= 40.95) return [];
    return [`advert_int ${wordsAfter(one.entries, "advert_int")} is not from 0.01 to 40.95 s`];
  },
  (one) =>
    number(one, "advert_int") % 1 === 0 || wordsAfter(one.globals, "vrrp_version") === "3"
      ? []
      : ["adverts of less than a second need vrrp_version 3: version 2 rounds them"],
  (one) =>
    has(one, "nopreempt") && wordsAfter(one.entries, "state") !== "BACKUP"
      ? ["nopreempt counts only with state BACKUP"]
      : [],
  (one) =>
    peers(one).includes(wordsAfter(one.entries, "unicast_src_ip") ?? "") ? ["it is among its own peers"] : [],
  (one) =>
    has(one, "vrrp_strict") || one.globals.some(({ words }) => words[0] === "vrrp_strict")
      ? ["vrrp_strict drops packets to the address, and forbids peers by name"]
      : [],
  (one) =>
    one.globals
      .filter(({ words: [name = "", value] }) => /^vrrp_garp/.test(name) && !(Number(value) > 0))
      .map(({ words: [name] }) => `${name} must be above 0`),
  (one) => {
    const count = withinOf(one.entries, "virtual_ipaddress").length;
    return count >= 1 && count <= mostAddresses
      ? []
      : [`it has ${count} addresses, not 1 to ${mostAddresses}`];
  },
  (one) => (has(one, "track_process") ? ["track_process sees nothing in a container"] : []),
];

/** What must be the same at every end. */
const same: readonly (readonly [string, (one: Instance) => string])[] = [
  ["virtual_router_id", (one) => wordsAfter(one.entries, "virtual_router_id") ?? ""],
  ["advert_int", (one) => wordsAfter(one.entries, "advert_int") ?? ""],
  ["vrrp_version", (one) => wordsAfter(one.globals, "vrrp_version") ?? "2"],
  ["the name of its instance", ({ name }) => name],
  ["the list of addresses", (one) => addresses(withinOf(one.entries, "virtual_ipaddress")).join(" ")],
  ["nopreempt", (one) => String(has(one, "nopreempt"))],
];

const pairs: readonly PairRule[] = [
  (one, others) =>
    same.flatMap(([name, of]) =>
      others
        .filter((other) => of(other) !== of(one))
        .map((other) => `${name} is "${of(one)}", and "${of(other)}" at ${other.machine}`),
    ),
  (one, others) =>
    others
      .filter((other) => number(other, "priority") === number(one, "priority"))
      .map((other) => `it has the priority of ${other.machine}: both would take the address`),
  (one, others) =>
    others
      .filter((other) => wordsAfter(other.globals, "router_id") === wordsAfter(one.globals, "router_id"))
      .map((other) => `it has the router_id of ${other.machine}`),
  (one, others) => {
    const [sources, known] = [
      others.map((other) => wordsAfter(other.entries, "unicast_src_ip") ?? ""),
      peers(one),
    ];
    return [
      ...others
        .filter((_, index) => !known.includes(sources[index] ?? ""))
        .map(({ machine }) => `it doesn't tell ${machine} of its adverts: both would have the address`),
      ...known
        .filter((address) => !sources.includes(address))
        .map((address) => `nobody here is its peer ${address}`),
    ];
  },
];

/** Everything that doesn't fit, a sentence each; none where all do. @throws Error where a file can't be read */
export function lintKeepalived(files: readonly KeepalivedFile[]): string[] {
  const instances = files.flatMap(instancesOf);
  return instances.flatMap((one) => {
    const others = instances.filter(({ machine }) => machine !== one.machine);
    return [...ends.flatMap((rule) => rule(one)), ...pairs.flatMap((rule) => rule(one, others))].map(
      (problem) => `${one.machine}: ${problem}`,
    );
  });
}

function instancesOf({ machine, text }: KeepalivedFile): Instance[] {
  const entries = parseKeepalived(text);
  const globals = withinOf(entries, "global_defs");
  return entries
    .filter(({ words }) => words[0] === "vrrp_instance")
    .map(({ words: [, name = ""], within }) => ({ machine, globals, entries: within, name }));
}
