import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * Sessions that stay at their node by the balancer's cookie: two real balancers that have none of each other's memory, while nodes
 * come, go, are drained and die.
 */

const suite = "sticky";
const stackOf = (active: number, sticky: object = {}) => ({
  name: "sticky",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.24.0/23" },
  balancer: { kind: "nginx", listen: { tls: { certificate: { kind: "self-signed" }, redirect: false } } },
  pools: { web: { active, standby: { hot: 1 }, sticky } },
});
const plan = planOf(stackOf(4));
const program = join(import.meta.dirname, "../fixtures/hostile-node/server.mjs");
let pair: Pair;

/** A browser: it keeps the cookie, and says who answered. */
class Browser {
  cookie: string | null = null;
  set: string | null = null;

  async ask(balancer: string, path = "/fine", scheme = "http"): Promise<string> {
    const cookie = this.cookie === null ? [] : ["-H", `Cookie: other=1; ${this.cookie}`];
    const command = ["curl", "-sik", "--max-time", "10", ...cookie, `${scheme}://127.0.0.1${path}`];
    const { stdout } = await exec(pair.machine(balancer), ...command);
    this.set = /^set-cookie: (hotspare-.*?)\r?$/im.exec(stdout)?.[1] ?? null;
    if (this.set !== null) this.cookie = this.set.split(";")[0] ?? null;
    return /^x-node: (\S+)/im.exec(stdout)?.[1] ?? `nobody: ${stdout}`;
  }
}

async function take(next: ClusterPlan, change: (members: string) => string = (text) => text): Promise<void> {
  for (const key of ["lb-1", "lb-2"]) {
    const files = { ...filesOf(next, key), "members.json": change(filesOf(next, key)["members.json"] ?? "") };
    expect(await deliver(pair.machine(key), files)).toMatchObject({ exitCode: 0 });
  }
}

async function healthy(count: number): Promise<void> {
  for (const key of ["lb-1", "lb-2"])
    await until(`${key} has ${count} healthy members`, async () => {
      const members = (await pair.status(key)).pools.web?.members ?? [];
      return members.filter((member) => member.healthy === true).length === count;
    });
}

/** So many browsers, each with the node of its session. */
async function sessions(count: number): Promise<[Browser, string][]> {
  const all: [Browser, string][] = [];
  for (let n = 0; n < count; n++) {
    const browser = new Browser();
    all.push([browser, await browser.ask(n % 2 === 0 ? "lb-1" : "lb-2")]);
  }
  return all;
}

/** How many of the sessions are answered by another node than theirs, asked at both balancers. */
async function moved(all: readonly [Browser, string][]): Promise<string[]> {
  const answers: string[] = [];
  for (const [browser, node] of all)
    for (const key of ["lb-1", "lb-2"]) {
      const answer = await browser.ask(key);
      if (answer !== node) answers.push(`${node} → ${answer}`);
    }
  return answers;
}

const at = (node: string) => (session: [Browser, string]) => session[1] === node;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  await take(planOf(stackOf(3)));
  await healthy(4);
});
afterAll(() => removeAll(suite));

describe("the cookie", () => {
  test("says nothing of the node, and has the attributes that a session needs", async () => {
    const browser = new Browser();
    await browser.ask("lb-1");
    expect(browser.set).toMatch(/^hotspare-web=[A-Za-z0-9_-]{20}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(Buffer.from(browser.cookie?.split("=")[1] ?? "", "base64url").toString("latin1")).not.toMatch(
      /10\.79|8080|web/,
    );
    await browser.ask("lb-1");
    expect(browser.set).toBeNull();
    const overTls = new Browser();
    await overTls.ask("lb-1", "/fine", "https");
    expect(overTls.set).toMatch(/; Secure; HttpOnly; SameSite=Lax$/);
  });

  test("isn't set by an answer that shared caches keep, nor by an error, and keeps others from keeping the rest", async () => {
    const answer = async (headers: object) => {
      const path = `/choose?headers=${encodeURIComponent(JSON.stringify(headers))}`;
      return (
        await exec(pair.machine("lb-1"), "curl", "-si", `http://127.0.0.1${path}`)
      ).stdout.toLowerCase();
    };
    expect(await answer({ "Cache-Control": "public, max-age=60" })).not.toContain("set-cookie");
    expect(await answer({ "Cache-Control": "s-maxage=60" })).not.toContain("set-cookie");
    const own = await answer({ "Set-Cookie": "own=1" });
    expect(own).toContain("set-cookie: own=1");
    expect(own).toContain("set-cookie: hotspare-web=");
    expect(own).toContain("cache-control: private");
    const browser = new Browser();
    await browser.ask("lb-1", "/status?code=500");
    expect(browser.set).toBeNull();
  });

  test.each(["x", "A".repeat(20), "%00", '"', "../../etc/passwd"])(
    "of %s is as good as none",
    async (value) => {
      const browser = new Browser();
      browser.cookie = `hotspare-web=${value}`;
      expect(await browser.ask("lb-1")).toMatch(/^web-/);
      expect(browser.set).not.toBeNull();
    },
  );
});

test("sessions stay when nodes come, at either balancer, and spread over all", async () => {
  const all = await sessions(24);
  expect(new Set(all.map(([, node]) => node))).toEqual(new Set(["web-1", "web-2", "web-3"]));
  expect(await moved(all)).toEqual([]);
  await take(plan);
  await healthy(5);
  expect(await moved(all)).toEqual([]);
  // One request that fails moves nobody.
  const [[browser, node] = [new Browser(), ""]] = all;
  expect(await browser.ask("lb-1", "/break")).toMatch(/^nobody/);
  expect(await browser.ask("lb-1", "/status?code=503")).toBeDefined();
  expect(await browser.ask("lb-1")).toBe(node);
});

test("a node that leaves the document keeps its sessions until it is stopped; no others come, and nobody else moves", async () => {
  const all = [...(await sessions(16)), ...(await sessions(16))];
  const leaving = all.filter(at("web-4"));
  expect(leaving.length).toBeGreaterThan(2);
  await take(planOf(stackOf(3)));
  expect(await moved(all)).toEqual([]);
  expect((await sessions(12)).some(at("web-4"))).toBe(false);
  for (const key of ["lb-1", "lb-2"])
    expect(Object.keys((await pair.status(key)).draining)).toEqual([expect.stringContaining("web-4")]);
  // A reload doesn't forget it.
  await exec(
    pair.machine("lb-1"),
    "sh",
    "-c",
    "nginx -c /var/lib/hotspare/current/nginx.conf -s reload; sleep 1",
  );
  expect(await moved(leaving)).toEqual([]);
  await until(
    "nobody drains once its sessions are silent",
    async () => Object.keys((await pair.status("lb-1")).draining).length === 0,
    15_000,
  );
  await pair.machine("web-4").stop();
  const after = await Promise.all(leaving.map(async ([browser]) => browser.ask("lb-2")));
  expect(after.every((node) => /^web-[123]$/.test(node))).toBe(true);
  // They have a new home, and stay there.
  expect(await moved(leaving.map(([browser], at) => [browser, after[at] ?? ""]))).toEqual([]);
  expect(await moved(all.filter(([, node]) => node !== "web-4"))).toEqual([]);
});

test("a node that dies loses its own sessions and no others, and takes none back", async () => {
  const all = await sessions(24);
  await pair.machine("web-2").kill();
  const lost = all.filter(at("web-2"));
  const ask = () => Promise.all(lost.map(async ([browser]) => browser.ask("lb-1")));
  const elsewhere = (nodes: readonly string[]) => nodes.every((node) => node === "web-1" || node === "web-3");
  expect(elsewhere(await ask())).toBe(true);
  // A failed request alone moves no session: its node has to be known as lost.
  await healthy(3);
  const homes = await ask();
  expect(elsewhere(homes)).toBe(true);
  expect(await moved(all.filter(([, node]) => node !== "web-2"))).toEqual([]);
  await pair.machine("web-2").start();
  await healthy(4);
  expect(await moved(lost.map(([browser], at) => [browser, homes[at] ?? ""]))).toEqual([]);
});

test("name, lifetime and the rest are as the stack says, without a reload", async () => {
  const { generation } = await pair.status("lb-1");
  const own = { cookie: "SERVER", lifetime: "8 h", secure: "never", httpOnly: false, sameSite: "Strict" };
  await take(planOf(stackOf(3, own)));
  expect((await pair.status("lb-1")).generation).toBe(generation);
  const { stdout } = await exec(pair.machine("lb-1"), "curl", "-sik", "https://127.0.0.1/fine");
  expect(stdout).toMatch(
    /^set-cookie: SERVER=[A-Za-z0-9_-]{20}; Path=\/; Max-Age=28800; SameSite=Strict\r?$/im,
  );
});
