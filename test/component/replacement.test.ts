import { expect, test } from "vitest";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { compare } from "../../components/review/compare/index.ts";
import type { PlanDocument } from "../../components/review/document.ts";
import { all, recordCluster } from "../support/clusters.ts";
import type { Recorded } from "../support/record.ts";
import { dev, tier, web } from "../unit/review/compare/told.ts";

/*
 * Which machines a change replaces: what a comparison says by `components/plan/replacement.ts`, against what the Docker adapter
 * asks for. Whether the provider takes another value in place is from its source: of the arguments that the adapter writes
 * these are the ones without ForceNew (kreuzwerker/terraform-provider-docker, resource_docker_container.go).
 */
const inPlace = ["memory", "memorySwap", "restart", "start", "mustRun", "destroyGraceSeconds"];

const base = dev();
const images = { balancer: "b:2", warden: "w:2", filter: "f:2" };

const changes: Readonly<Record<string, readonly [PlanDocument, PlanDocument]>> = {
  nothing: [base, dev()],
  "image of a pool": [base, web({ image: { kind: "reference", reference: "acme/api:2" } })],
  "environment of a pool": [base, web({ environment: { RELEASE: "2" } })],
  "program of a pool": [base, web({ command: ["serve", "--fast"], user: "app" })],
  "rights and folders of a pool": [
    web({ tmpfs: { "/cache": "1 MB" } }),
    web({ capabilities: ["KILL"], tmpfs: { "/cache": "2 MB" }, shm: "1 MB", ulimits: { nofile: 1024 } }),
  ],
  "memory of a pool": [base, web({ memory: "256 MB" })],
  "patience of a pool": [base, web({ stopGrace: "20 s" })],
  "port of a pool": [base, web({ port: 8081 })],
  "weights and health": [base, web({ weights: { "web-1": 2 }, health: { fall: 3 } })],
  "more and fewer": [base, web({ active: 2, standby: { hot: 2, cold: 1 } })],
  "memory of balancers": [base, tier({ memory: "512 MB" })],
  "cores of balancers": [base, tier({ cpus: 0.9 })],
  "one balancer": [base, tier({ count: 1 })],
  TLS: [base, tier({ listen: { tls: {} } })],
  "another port": [base, tier({ listen: { http: 8080 } })],
  "the door's port": [base, tier({ door: { http: 8080 } })],
  failover: [base, tier({ failover: { advertise: "1 s", routerId: 7 } })],
  "patience of a route": [base, dev({ routes: [{ path: "/", pool: "web", readTimeout: "2 s" }] })],
  limits: [base, tier({ bodyLimit: "2 MB", rateLimit: { perSecond: 5 } })],
  "timers of wardens": [base, dev({ warden: { calm: "20 s" } })],
  "no wardens": [base, dev({ warden: { enabled: false } })],
  "images of the kit": [base, dev({}, images)],
  subnet: [base, dev({ network: { subnet: "10.88.0.0/22" } })],
  name: [base, dev({ name: "shop" })],
  protection: [base, dev({ protect: true })],
};

const recorded = new Map<ClusterPlan, Map<string, Recorded>>();

/** The containers of a plan by the key of their machine. */
async function containers(plan: ClusterPlan): Promise<Map<string, Recorded>> {
  const known = recorded.get(plan);
  if (known !== undefined) return known;
  const found = all(await recordCluster(plan), "Container");
  const byKey = new Map(found.map((container) => [keyOf(container), container]));
  recorded.set(plan, byKey);
  return byKey;
}

function keyOf({ inputs }: Recorded): string {
  const labels = inputs.labels as readonly { label: string; value: string }[];
  return labels.find(({ label }) => label === "hotspare.key")?.value ?? "";
}

/** What the engine does to each container that isn't left as it is. */
function byAdapter(before: ReadonlyMap<string, Recorded>, after: ReadonlyMap<string, Recorded>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, now] = [before.get(key)?.inputs, after.get(key)?.inputs];
    if (old === undefined || now === undefined) return [`${key} ${old === undefined ? "added" : "removed"}`];
    const names = new Set([...Object.keys(old), ...Object.keys(now)]);
    const other = [...names].filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
    return other.some((name) => !inPlace.includes(name)) ? [`${key} replaced`] : [];
  });
}

test.each(Object.entries(changes))("%s: what is replaced", async (_, [before, after]) => {
  const told = compare(before, after)
    .machines.filter(({ action }) => action !== "updated")
    .map(({ key, action }) => `${key} ${action}`);
  const asked = byAdapter(await containers(before.plan), await containers(after.plan));
  expect(told.sort()).toEqual(asked.sort());
});

test("a limit that is taken in place is an argument that the adapter writes", async () => {
  const written = [...(await containers(base.plan)).values()].flatMap(({ inputs }) => Object.keys(inputs));
  expect(inPlace.filter((name) => !written.includes(name))).toEqual([]);
});
