import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { DeliveryTransport } from "../../../../components/platform/planned/transport.ts";
import { differences, findDelivered, plannedFiles } from "../../../../scripts/status/delivered.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const plan = planAny(small({ network: { subnet: "10.77.2.0/23" }, pools: { web: { active: 2 } } }) as never);
const planned = plannedFiles(plan).get("lb-1") ?? new Map();
const members = planned.get("members.json") ?? "";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const hashes = new Map([...planned].map(([path, text]) => [path, sha(text)]));

/** What is found when nginx uses these members. */
const using = (change: (document: { pools: Record<string, { members: unknown[] }> }) => void) => {
  const document = JSON.parse(members);
  change(document);
  return differences(planned, { hashes, members: `${JSON.stringify(document)}\n` });
};

test("each balancer has its files but for secrets", () => {
  expect([...plannedFiles(plan).keys()]).toEqual(["lb-1", "lb-2"]);
  expect([...planned.keys()]).toEqual(["firewall.nft", "keepalived.conf", "members.json", "nginx.conf"]);
});

test("what is as planned has no difference, also in another spelling", () => {
  expect(using(() => undefined)).toEqual([]);
  expect(using((document) => Object.assign(document, { revision: "abc" }))).toEqual([]);
});

test("another member is named with where it is and where it should be", () => {
  expect(using(({ pools }) => Object.assign(pools.web?.members[0] ?? {}, { address: "10.77.2.99" }))).toEqual(
    [
      "its members are not the planned ones (web/web-1: 10.77.2.99:8080, active, weight 1 instead of 10.77.2.16:8080, active, weight 1)",
    ],
  );
  expect(using(({ pools }) => pools.web?.members.pop())).toEqual([
    "its members are not the planned ones (web/web-2: not there instead of 10.77.2.17:8080, active, weight 1)",
  ]);
});

test("so are other settings of a pool, another file and what is no document", () => {
  expect(using(({ pools }) => Object.assign(pools.web ?? {}, { algorithm: { kind: "ip-hash" } }))).toEqual([
    "members.json is not the planned one",
  ]);
  expect(differences(planned, { hashes, members: "<html>" })).toEqual([
    "members.json is not the planned one",
  ]);
  const other = new Map([...hashes, ["nginx.conf", sha("other")]]);
  expect(differences(planned, { hashes: other, members })).toEqual(["nginx.conf is not the planned one"]);
  other.delete("keepalived.conf");
  expect(differences(planned, { hashes: other, members })[0]).toBe("keepalived.conf is not the planned one");
});

test("a balancer that can't tell has no differences", async () => {
  const says = (stdout: string, exitCode = 0) =>
    findDelivered(
      { exec: async () => ({ exitCode, stdout, stderr: "" }) } as unknown as DeliveryTransport,
      "lb",
      planned,
    );
  expect(await says("")).toBeNull();
  expect(await says('{"revision":"1"}')).toBeNull();
  expect(await says("-- members\n", 7)).toBeNull();
  const hash = sha("a");
  expect(await says(`${hash}  nginx.conf\n-- members\n{}\n`)).toEqual({
    members: "{}\n",
    hashes: new Map([["nginx.conf", hash]]),
  });
});
