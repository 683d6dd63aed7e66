import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterNames, secretParameter } from "../../components/plan/platforms/aws/names.ts";
import { credentialsPart } from "../../components/render/aws/credentials.ts";
import { bootstrapLog, sentinel } from "../../components/render/aws/user-data.ts";
import { agentPackages } from "../support/aws/cloud/agents.ts";
import { issue } from "../support/aws/cloud/certificates.ts";
import { Cloud } from "../support/aws/cloud/cloud.ts";
import type { CloudMachine } from "../support/aws/cloud/machine.ts";
import { Aws } from "../support/aws/moto.ts";
import { privateNode } from "../support/aws/nodes.ts";
import { recordAws } from "../support/aws/platform.ts";
import { awsPlan } from "../support/aws/stacks.ts";
import { type ClusterRecording, find } from "../support/clusters.ts";
import { put } from "../support/containers.ts";
import { until } from "../support/until.ts";

/*
 * Machines of a stack on AWS from nothing, by real cloud-init under systemd, with the very user data and bundles that the program
 * makes. Only AWS itself is a stand-in, and it is found under its own names.
 */

const token = "a token that nobody may find";
/** Of one address: more than the tests' own requests ever have. */
const mostConnections = 300;
const plan = awsPlan(
  {},
  {
    balancer: {
      kind: "nginx",
      connections: { perAddress: mostConnections },
      listen: {
        tls: {
          certificate: { kind: "given", certificate: { secret: "certificate" }, key: { secret: "key" } },
        },
      },
    },
    pools: { web: { active: 2, environment: { TOKEN: { secret: "token" } } } },
    routes: [{ path: "/", pool: "web", readTimeout: "10 s" }],
    rollout: { drain: "3 s" },
  },
);
const minutes = 60_000;

let aws: Aws;
let cloud: Cloud;
let recording: ClusterRecording;
let folder: string;
let tls: Awaited<ReturnType<typeof issue>>;
let balancer: CloudMachine;
let node: CloudMachine;
let second: CloudMachine;

const inputs = (type: string, key: string) =>
  find(recording, type, `${key === "lb" ? "it-tier-lb" : `it-${key}-group`}-${suffix[type]}`).inputs;
const suffix: Readonly<Record<string, string>> = { BucketObjectv2: "bundle", LaunchTemplate: "template" };
const userDataOf = (key: string) => Buffer.from(String(inputs("LaunchTemplate", key).userData), "base64");
const bundleOf = (key: string) =>
  readFileSync((inputs("BucketObjectv2", key).source as { path: string }).path);
const hashOf = (key: string) =>
  /([0-9a-f]{64})\.tar\.gz$/.exec(String(inputs("BucketObjectv2", key).key))?.[1];

/** The node that answers a request through the balancer, on a connection of its own. */
function ask(path = "/"): Promise<string> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca: tls.authority, keepAlive: false });
    const options = { host: balancer.address, servername: "shop.example.test", path, agent };
    request(options, async (response) => {
      const body = await text(response);
      if (response.statusCode === 200) resolve(JSON.parse(body).node);
      else reject(new Error(`${response.statusCode}: ${body}`));
    })
      .once("error", reject)
      .end();
  });
}

/** What those have said who are part of a machine's leaving, for a person who looks for the reason of a failure. */
async function told(): Promise<string> {
  const folder = "cd /var/log/hotspare";
  return [
    await balancer.shell(
      `${folder}; grep -hv '"status":200' access.log | tail -n 40; tail -n 60 nginx.log follower.log`,
    ),
    await node.shell(`${folder}; tail -n 60 lifecycle.log node.log`),
    await second.shell(`${folder}; tail -n 20 node.log`),
  ].join("\n");
}

const nginxProcesses = () => balancer.shell("pgrep -x nginx | sort | paste -sd' '");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotspare-certificate-"));
  [aws, recording, tls] = await Promise.all([
    Aws.start(),
    recordAws(plan),
    issue(folder, ["shop.example.test"]),
  ]);
  cloud = await Cloud.create("cloud-init", plan, aws);
  const values = { certificate: tls.certificate, key: tls.key, token };
  for (const [name, value] of Object.entries(values))
    await cloud.account.parameter(secretParameter(plan, name), value);
  for (const key of ["lb", "web"])
    await cloud.account.object(
      clusterNames(plan).bucket,
      String(inputs("BucketObjectv2", key).key),
      bundleOf(key),
    );
  [balancer, node] = await Promise.all([
    cloud.launch("lb", userDataOf("lb")),
    cloud.launch("web", userDataOf("web")),
  ]);
}, 5 * minutes);

afterAll(async () => {
  await cloud?.end();
  await aws?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true });
}, minutes);

test(
  "a balancer and a node come up by cloud-init and tell their groups, agents or not",
  async () => {
    for (const machine of [balancer, node]) {
      expect(await machine.cloudInit(), await machine.said()).toEqual({ status: "status: done", errors: [] });
      expect(await machine.shell(`cat ${sentinel}`)).toBe(`${hashOf(machine.group)}\n`);
      await until("ready is completed", async () => cloud.has(machine, "ready"), 30_000);
      // Nobody has the agents' packages yet; they were asked for before all else, and are again a minute later.
      const log = () => machine.shell("cat /var/log/hotspare/agents.log");
      await until("the agents were asked for", async () => (await log()).includes("404"), 90_000);
    }
    await until("the node answers by the balancer", async () => (await ask()) === node.instance);
  },
  10 * minutes,
);

test(
  "secrets are in memory only",
  async () => {
    const key = tls.key.split("\n")[1] ?? "";
    const search = (value: string, where: string) =>
      `grep -rlF --devices=skip -e '${value}' ${where} 2>/dev/null || true`;
    const disk = "/boot /etc /home /opt /root /srv /usr /var";
    for (const [machine, value] of [
      [balancer, key],
      [node, token],
    ] as const) {
      expect(await machine.shell(search(value, "/run/hotspare"))).not.toBe("");
      expect(await machine.shell(search(value, disk))).toBe("");
      expect(gunzipSync(userDataOf(machine.group)).toString()).not.toContain(value);
      expect(gunzipSync(bundleOf(machine.group)).toString()).not.toContain(value);
    }
  },
  minutes,
);

test(
  "the same once more changes nothing and starts nothing again",
  async () => {
    const made =
      "/etc/hotspare /etc/systemd/system /etc/tmpfiles.d /usr/bin/hotspare-* /usr/lib/hotspare /usr/local/sbin /var/lib/hotspare/current /var/lib/hotspare/bootstrapped /run/hotspare/tls";
    const state = () =>
      balancer.shell(
        `find ${made} ! -type d | sort | xargs sha256sum; systemctl show --property=MainPID,NRestarts hotspare-nginx hotspare-follower hotspare-lifecycle; pgrep -x nginx`,
      );
    const before = await state();
    await balancer.shell(
      // As systemd runs it: with the environment that its services have.
      `rm ${sentinel} && systemd-run --quiet --wait --collect sh -ec 'cloud-init clean --logs; cloud-init init --local; cloud-init init; cloud-init modules --mode=config; cloud-init modules --mode=final'`,
    );
    expect(await state()).toBe(before);
  },
  2 * minutes,
);

test(
  "a balancer that boots while its certificate can't be had shows it as soon as it can",
  async () => {
    aws.answer("GetParameter", () => ({
      status: 400,
      type: "application/x-amz-json-1.1",
      body: JSON.stringify({ __type: "AccessDeniedException", message: "not yet" }),
    }));
    await balancer.shell(
      "systemctl stop hotspare-nginx hotspare-certificate && rm /run/hotspare/tls/* && systemctl start --no-block hotspare-nginx",
    );
    await until(
      "all tries of a first start have failed",
      async () =>
        /NRestarts=[1-9]/.test(await balancer.shell("systemctl show -p NRestarts hotspare-certificate")),
      60_000,
    );
    await expect(ask()).rejects.toThrow("ECONNREFUSED");
    aws.answer("GetParameter", null);
    await until("the node answers by the balancer", async () => (await ask()) === node.instance, 30_000);
  },
  2 * minutes,
);

test(
  "a second node serves without a reload; one with another bundle than planned never does",
  async () => {
    for (const [address, content] of await agentPackages(node, plan)) cloud.downloads.set(address, content);
    const before = await nginxProcesses();
    const planned = hashOf("web") ?? "";
    const other = gunzipSync(userDataOf("web"))
      .toString()
      .replace(`"${planned} `, `"${"0".repeat(64)} `);
    const [good, bad] = await Promise.all([
      cloud.launch("web", userDataOf("web")),
      cloud.launch("web", gzipSync(other)),
    ]);
    second = good;
    expect((await bad.cloudInit()).errors).not.toEqual([]);
    expect(await bad.shell(`ls ${sentinel} /usr/bin/hotspare-* 2>/dev/null || true`)).toBe("");
    // Given up at once; what goes to the console is its log's end (test/unit/infra/runtime/machine).
    expect(cloud.has(bad, "ready", "ABANDON")).toBe(true);
    expect(await bad.shell(`cat ${bootstrapLog}`)).toMatch(/bundle\.tar\.gz: FAILED/);
    expect((await good.cloudInit()).errors, await good.said()).toEqual([]);
    const seen = new Set<string>();
    await until(
      "both answer",
      async () => seen.add(await ask()).has(good.instance) && seen.size === 2,
      30_000,
    );
    expect(cloud.has(bad, "ready")).toBe(false);
    expect(await nginxProcesses()).toBe(before);
  },
  10 * minutes,
);

test("one address has as many connections as the stack says, also such as say nothing; others are served", async () => {
  let refused = 0;
  const sockets = Array.from({ length: mostConnections + 50 }, () =>
    connect({ host: balancer.address, port: 443 }).on("error", () => {
      refused += 1;
    }),
  );
  const open = () => sockets.filter(({ readyState }) => readyState === "open").length;
  try {
    await until("each is open or refused", async () => open() + refused === sockets.length);
    expect(open()).toBeLessThanOrEqual(mostConnections);
    expect(open()).toBeGreaterThan(mostConnections - 50);
    await expect(ask()).rejects.toThrow(/ECONNRESET|ECONNREFUSED|disconnected/);
    const shop = `--resolve shop.example.test:443:${balancer.address} https://shop.example.test/`;
    expect(await second.shell(`curl -s --insecure --max-time 10 ${shop}`)).toContain('"node"');
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  await until("the address is served again", async () => (await ask()) !== "");
}, 60_000);

test(
  "a machine whose packages can't be had has its agents all the same, and is given up at once with the reason",
  async () => {
    for (const [address, content] of await agentPackages(node, plan)) cloud.downloads.set(address, content);
    const lines = gunzipSync(userDataOf("web")).toString();
    // No mirror answers; the pauses between the tries are as long as they are.
    const cut = lines.replace(
      /^ {4}folder=/m,
      "    printf '' > /etc/apt/sources.list; rm -rf /etc/apt/sources.list.d/*; rm -f /var/lib/apt/lists/*_Packages\n    folder=",
    );
    const lost = await cloud.launch("web", gzipSync(cut));
    expect((await lost.cloudInit()).errors).not.toEqual([]);
    expect(cloud.has(lost, "ready", "ABANDON")).toBe(true);
    expect(await lost.shell(`cat ${bootstrapLog}`)).toMatch(
      /Unable to locate package|has no installation candidate/,
    );
    await until(
      "the session agent runs",
      async () => (await lost.shell("systemctl is-active amazon-ssm-agent || true")) === "active\n",
      90_000,
    );
    await lost.remove();
  },
  10 * minutes,
);

test("agents are installed once their packages can be had, with the group's logs", async () => {
  const told = "/var/lib/hotspare-test/agent";
  await until(
    "the agent has its configuration",
    async () => (await second.shell(`cat ${told}`)) !== "",
    90_000,
  );
  expect(await second.shell(`cat ${told}`)).toBe(
    "-a fetch-config -m ec2 -s -c file:/etc/hotspare/cloudwatch-agent.json\n",
  );
  expect(await second.shell("systemctl is-active amazon-ssm-agent hotspare-agents || true")).toBe(
    "active\ninactive\n",
  );
}, 100_000);

test("a container gets the credentials of its pool's own role, and nothing else of the machine's", async () => {
  const { plan: own, group } = privateNode("ecr");
  const { files } = credentialsPart(own, group);
  const placed = Object.entries(files).map(([path, text]) => [path.slice(1), text]);
  await put(second.container, "/", Object.fromEntries(placed));
  // A network behind a bridge, as a container's.
  await second.shell(`set -e
    systemctl daemon-reload; systemctl start hotspare-credentials.socket
    ip netns add app; ip link add app-out type veth peer name app-in netns app
    ip address add 10.99.0.1/24 dev app-out; ip link set app-out up
    ip -n app address add 10.99.0.2/24 dev app-in; ip -n app link set app-in up
    ip -n app route add default via 10.99.0.1`);
  const get = (path: string) =>
    second.shell(`ip netns exec app curl -s --max-time 60 -w ' %{http_code}' http://169.254.170.2${path}`);
  const [body = "", status] = (await get("/credentials")).split(/ (?=\d{3}$)/);
  expect(status, `${body}${await second.shell("cat /var/log/hotspare/credentials.log")}`).toBe("200");
  const credentials = JSON.parse(body);
  expect(Object.keys(credentials).sort()).toEqual(["AccessKeyId", "Expiration", "SecretAccessKey", "Token"]);
  expect(credentials.SecretAccessKey).not.toBe("of tests only");
  expect(Date.parse(credentials.Expiration) - Date.now()).toBeGreaterThan(50 * 60_000);
  expect(credentials.Expiration).toMatch(/Z$/);
  expect(await get("/credentials"), "the answer is kept").toBe(`${body} 200`);
  expect(await get("/latest/meta-data/iam/security-credentials/machine")).toMatch(/ 404$/);
}, 120_000);

test(
  "a node that is to go loses no request",
  async () => {
    const answers: Promise<string>[] = [];
    const failures: unknown[] = [];
    let asking = true;
    const load = (async () => {
      while (asking) {
        // Some take longer than it takes until the balancers have heard of it.
        const one = ask(answers.length % 10 === 0 ? "/slow?ms=2500" : "/");
        one.catch((error) => failures.push(error));
        answers.push(one);
        await sleep(20);
      }
    })();
    await sleep(1_000);
    await cloud.terminate(node);
    await until("drain is completed", async () => cloud.has(node, "drain"), 40_000);
    expect(await node.shell("systemctl is-active hotspare-node || true")).toBe("inactive\n");
    asking = false;
    await load;
    await Promise.allSettled(answers);
    expect(failures, failures.length === 0 ? "" : await told()).toEqual([]);
    expect(answers.length).toBeGreaterThan(200);
    expect(await ask()).toBe(second.instance);
  },
  minutes,
);

test("a balancer that is stopped finishes what is under way", async () => {
  const slow = ask("/slow?ms=1500");
  await sleep(300);
  await balancer.shell("systemctl stop hotspare-nginx");
  expect(await slow).toBe(second.instance);
  await expect(ask()).rejects.toThrow("ECONNREFUSED");
}, 30_000);
