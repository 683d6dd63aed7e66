/*
 * What a request costs the balancer's nginx, of this checkout and of another one side by side:
 *
 *   node test/bench/request-path.ts <folder of the other checkout> [rounds] [requests a round]
 *
 * Both run in containers of this checkout's image, each with its own Lua and its own rendered nginx.conf, in front of the same
 * servers. Rounds alternate, so that whatever else the machine does meets both alike; what counts is the processor time of nginx's
 * workers (schedstat), not how long it took.
 */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { homedir, setPriority } from "node:os";
import { join, relative, resolve } from "node:path";
import type Docker from "dockerode";
import { resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { runtimeImages } from "../../infra/images.ts";
import { ensureImages } from "../../scripts/toolchain/images.ts";
import { Progress } from "../../scripts/toolchain/progress.ts";
import { docker, labelOf, put, removeAll } from "../support/containers.ts";

const suite = "request-path";
const network = `hotspare-test-${suite}`;
const own = resolve(import.meta.dirname, "../..");
const [other = "", rounds = "100", each = "1024"] = process.argv.slice(2);
const together = 32;

/** What each checkout makes of the same stack: files of the balancer, and where its nodes are. */
const program = `
  const { planOf } = await import("./test/support/plans.ts");
  const { filesOf } = await import("./test/support/pair.ts");
  const plan = planOf({
    name: "path", environment: "development", platform: { kind: "docker" }, network: { subnet: "10.79.98.0/23" },
    balancer: { kind: "nginx", count: 1 },
    pools: { web: { active: 4, algorithm: { kind: process.env.ALGORITHM ?? "weighted-round-robin" } } },
  });
  console.log(JSON.stringify({ files: filesOf(plan, "lb-1"), nodes: plan.nodes.map(({ address }) => address) }));
`;

interface Made {
  readonly files: Readonly<Record<string, string>>;
  readonly nodes: readonly string[];
}

function madeBy(checkout: string): Made {
  const args = ["--input-type=module", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: checkout, encoding: "utf8" }));
}

/** Files below a folder, by path. */
function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  const files = names.filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}

async function container(address: string, image: string, files: Record<string, string>, command: string) {
  const made = await docker.createContainer({
    Image: image,
    Labels: labelOf(suite),
    Cmd: ["sh", "-c", command],
    HostConfig: { NetworkMode: network },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
  });
  await put(made, "/", files);
  await made.start();
  return made;
}

/** A server that answers at once, on every node's address. */
async function servers(image: string, addresses: readonly string[]): Promise<void> {
  const conf = `events {} http { access_log off; keepalive_timeout 75s; keepalive_requests 1000000;
    server { listen 8080; default_type application/json; location / { return 200 '{"message":"hello","from":"a server that takes no time"}\\n'; } } }`;
  await Promise.all(
    addresses.map((address) =>
      container(address, image, { "srv/nginx.conf": conf }, "exec nginx -c /srv/nginx.conf -g 'daemon off;'"),
    ),
  );
}

interface Subject {
  readonly name: string;
  readonly address: string;
  readonly container: Docker.Container;
}

async function subject(name: string, checkout: string, image: string, address: string): Promise<Subject> {
  const { files } = madeBy(checkout);
  const lua = filesBelow(join(checkout, "infra/runtime/balancer/lua"));
  const placed = {
    "var/lib/hotspare/current/nginx.conf": files["nginx.conf"] ?? "",
    "var/lib/hotspare/state/members.json": files["members.json"] ?? "",
    ...Object.fromEntries(Object.entries(lua).map(([path, text]) => [`srv/lua/${path}`, text])),
  };
  const command = `rm -rf /usr/lib/hotspare/lua && cp -r /srv/lua /usr/lib/hotspare/lua && mkdir -p /run/hotspare /run/hotspare-desired &&
    exec nginx -c /var/lib/hotspare/current/nginx.conf -g 'daemon off;' > /dev/null`;
  return { name, address, container: await container(address, image, placed, command) };
}

/** Of nginx's workers, on this host: what runs as containers here is seen here. */
async function workers({ container }: Subject): Promise<number[]> {
  const { Processes } = await container.top();
  return Processes.filter((row: string[]) => row.at(-1)?.startsWith("nginx: worker")).map((row: string[]) =>
    Number(row[1]),
  );
}

/** Before all else that the machine does, where that is allowed: who waits for the processor finds its caches cold. */
async function hurry(one: Subject): Promise<void> {
  for (const pid of [0, ...(await workers(one))])
    try {
      setPriority(pid, -20);
    } catch {}
}

/** Nanoseconds that nginx's workers have had of the processor. */
async function spent(one: Subject): Promise<number> {
  const all = (await workers(one)).map((pid) =>
    Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]),
  );
  return all.reduce((sum, one) => sum + one, 0);
}

/** The same a second while nobody asks: checks and timers, which are no request's cost. */
async function spentIdle(one: Subject): Promise<number> {
  const [at, had] = [performance.now(), await spent(one)];
  await new Promise((done) => setTimeout(done, 5000));
  return ((await spent(one)) - had) / ((performance.now() - at) / 1000);
}

/** Requests one after the other on each of some connections. */
function load(address: string, requests: number): Promise<void> {
  const question = `GET /some/path HTTP/1.1\r\nHost: shop.example.test\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n`;
  const share = Math.floor(requests / together);
  const one = () =>
    new Promise<void>((done, failed) => {
      let left = share;
      let text = "";
      const open = () => {
        // nginx ends a connection after 1,000 requests.
        const socket = connect(80, address, () => socket.write(question)).setNoDelay();
        socket.setEncoding("latin1");
        socket.on("error", failed);
        socket.on("close", () => (left > 0 ? open() : done()));
        socket.on("data", (piece) => {
          text += piece;
          const head = text.indexOf("\r\n\r\n");
          if (head < 0) return;
          const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
          if (text.length < head + 4 + length) return;
          if (!text.startsWith("HTTP/1.1 200 ")) return void failed(new Error(text));
          const ends = /connection: close/i.test(text);
          text = "";
          left -= 1;
          if (left <= 0) socket.end();
          else if (!ends) socket.write(question);
        });
      };
      open();
    });
  return Promise.all(Array.from({ length: together }, one)).then(() => undefined);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

await removeAll(suite);
try {
  await docker.createNetwork({
    Name: network,
    Labels: labelOf(suite),
    IPAM: { Config: [{ Subnet: "10.79.98.0/23" }] },
  });
  const wanted = runtimeImages().filter(({ name }) => name === "balancer");
  const built = await ensureImages(new Progress(), resolveDockerHost(process.env, homedir()), wanted);
  const balancer = built.get("balancer") ?? "";
  await servers(balancer, madeBy(own).nodes);
  const before = await subject("other", resolve(other), balancer, "10.79.99.2");
  const now = await subject("this", own, balancer, "10.79.99.3");
  await new Promise((done) => setTimeout(done, 2000));
  const figures = new Map(
    [before, now].map(({ name }) => [name, { cost: [] as number[], rate: [] as number[] }]),
  );
  for (const one of [before, now]) await hurry(one);
  for (const one of [before, now]) await load(one.address, 2000);
  const idle = new Map<string, number>();
  for (const one of [before, now]) idle.set(one.name, await spentIdle(one));
  for (let round = 0; round < Number(rounds); round++)
    for (const one of round % 2 === 0 ? [before, now] : [now, before]) {
      const [at, had] = [performance.now(), await spent(one)];
      await load(one.address, Number(each));
      const { cost, rate } = figures.get(one.name) ?? { cost: [], rate: [] };
      const [has, seconds] = [await spent(one), (performance.now() - at) / 1000];
      cost.push((has - had - seconds * (idle.get(one.name) ?? 0)) / Number(each) / 1000);
      rate.push(Number(each) / seconds);
    }
  for (const [name, { cost, rate }] of figures)
    console.log(
      `${name}: ${median(cost).toFixed(1)} µs of processor a request (${Math.min(...cost).toFixed(1)} to ${Math.max(...cost).toFixed(1)}), ${median(rate).toFixed(0)} requests a second; ${((idle.get(name) ?? 0) / 1e6).toFixed(1)} ms of processor a second without any`,
    );
  const [old, fresh] = [figures.get("other"), figures.get("this")];
  const ratios = (fresh?.cost ?? []).map((cost, round) => cost / (old?.cost[round] ?? cost));
  console.log(
    `this / other: ${median(ratios).toFixed(3)} of the processor, median of ${ratios.length} pairs of rounds`,
  );
} finally {
  await removeAll(suite);
}
