import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type MembersDocument, parseMembers } from "../../components/model/members-document.ts";
import { isSecret } from "../../components/model/secret.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { DeliveryTransport } from "../../components/platform/planned/transport.ts";
import { render } from "../../components/render/index.ts";
import { currentFolder, desiredSocket } from "../../components/render/paths.ts";

/*
 * What balancers really have, beside what was planned: the files that run, and the members that nginx uses, which need no reload
 * to change. Whoever got at a balancer leads its traffic elsewhere by these, and all checks may go on passing.
 */

/** The document that is in nginx's memory; the others are files. */
const membersFile = "members.json";

/** Text by path of the files that a balancer should have; secrets are left out. */
export type PlannedFiles = ReadonlyMap<string, string>;

/** What each balancer of a plan should have, by key. */
export function plannedFiles(plan: ClusterPlan): ReadonlyMap<string, PlannedFiles> {
  const balancers = new Set([...plan.balancers, ...(plan.directors?.machines ?? [])].map(({ key }) => key));
  return new Map(
    render(plan)
      .filter(({ machine }) => balancers.has(machine))
      .map(({ machine, files }) => [
        machine,
        new Map(files.flatMap(({ path, content }) => (isSecret(content) ? [] : [[path, content] as const]))),
      ]),
  );
}

/** What a balancer has: the members that it uses, and hashes of files by path. */
export interface Found {
  readonly members: string;
  readonly hashes: ReadonlyMap<string, string>;
}

const divider = "-- members";
const script = `cd ${currentFolder} && sha256sum "$@" 2>/dev/null; echo "${divider}"; exec curl -s -m 2 --unix-socket ${desiredSocket} http://control/members`;

/** Asks a balancer; null when it can't tell. */
export async function findDelivered(
  transport: DeliveryTransport,
  machine: string,
  planned: PlannedFiles,
): Promise<Found | null> {
  const paths = [...planned.keys()].filter((path) => path !== membersFile);
  const { exitCode, stdout } = await transport.exec(machine, ["sh", "-c", script, "sh", ...paths], {
    timeout: 12_000,
  });
  const [hashes, members] = stdout.split(`${divider}\n`);
  if (exitCode !== 0 || hashes === undefined || members === undefined) return null;
  return {
    members,
    hashes: new Map(
      hashes.split("\n").flatMap((line): [string, string][] => {
        const [, hash, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
        return hash === undefined || path === undefined ? [] : [[path, hash]];
      }),
    ),
  };
}

/**
 * What balancers have in another form than planned, by key. Who can't tell has nothing: that it doesn't answer is said elsewhere.
 *
 * @param machines ids of those that answer, by key
 */
export async function strayedBalancers(
  transport: DeliveryTransport,
  plan: ClusterPlan,
  machines: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = [...plannedFiles(plan)].map(async ([key, files]): Promise<[string, readonly string[]]> => {
    const machine = machines.get(key);
    const has =
      machine === undefined ? null : await findDelivered(transport, machine, files).catch(() => null);
    return [key, has === null ? [] : differences(files, has)];
  });
  return new Map(await Promise.all(found));
}

/** What a balancer has in another form than planned, a sentence's end each: `nginx.conf is not the planned one`. */
export function differences(planned: PlannedFiles, found: Found): string[] {
  return [...planned].flatMap(([path, text]) => {
    if (path === membersFile) return membersDiffer(text, found.members);
    const hash = createHash("sha256").update(text).digest("hex");
    return found.hashes.get(path) === hash ? [] : [`${path} is not the planned one`];
  });
}

function membersDiffer(planned: string, found: string): string[] {
  try {
    const [plannedMembers, foundMembers] = [parseMembers(planned), parseMembers(found)];
    // A release that was refused leaves the old members in another spelling.
    if (isDeepStrictEqual(plannedMembers.pools, foundMembers.pools)) return [];
    const [wanted, used] = [where(plannedMembers), where(foundMembers)];
    const keys = [...new Set([...wanted.keys(), ...used.keys()])];
    const other = keys.filter((key) => wanted.get(key) !== used.get(key));
    const named = other
      .slice(0, 3)
      .map((key) => `${key}: ${used.get(key) ?? "not there"} instead of ${wanted.get(key) ?? "not there"}`);
    const more = other.length > 3 ? [`${other.length - 3} more`] : [];
    if (other.length > 0) return [`its members are not the planned ones (${[...named, ...more].join(", ")})`];
  } catch {
    // What it uses is no document that we know.
  }
  return [`${membersFile} is not the planned one`];
}

/** Each member by pool and key, as a balancer reaches it. */
function where({ pools }: MembersDocument): Map<string, string> {
  return new Map(
    Object.entries(pools).flatMap(([pool, { members }]) =>
      members.map(({ key, address, port, role, weight }): [string, string] => [
        `${pool}/${key}`,
        `${address}:${port}, ${role}, weight ${weight}`,
      ]),
    ),
  );
}
