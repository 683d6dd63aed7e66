import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec, machineOf } from "../support/containers.ts";
import { Project } from "../support/project.ts";

/*
 * What somebody can do who has taken over a part of a real cluster, and who notices. The tests go by the order in which they
 * stand; each leaves the cluster as planned.
 */

let project: Project;
let up: ClusterStatus;

beforeAll(async () => {
  project = await Project.create();
  up = await project.json<ClusterStatus>("up");
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

const machine = (key: string) => machineOf(up.owner, key);

/** Sends one request from inside a container, by Node, on a unix socket. @returns status and body, or the error's code */
async function ask(
  key: string,
  socketPath: string,
  method: string,
  path: string,
  body = "",
): Promise<string> {
  const program = `
    const { request } = require("node:http");
    const options = ${JSON.stringify({ socketPath, method, path, host: "control" })};
    const asked = request(options, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece)).on("end", () => console.log(answer.statusCode + " " + text));
    });
    asked.on("error", (error) => console.log(error.code)).end(${JSON.stringify(body)});`;
  return (await exec(await machine(key), "node", "-e", program)).stdout.trim();
}

const shared = "/run/hotspare/control.sock";
const desired = ["curl", "-s", "--unix-socket", "/run/hotspare-desired/control.sock"];

const membersOf = async (balancer: string) =>
  (await exec(await machine(balancer), ...desired, "http://control/members")).stdout;

async function putMembers(balancer: string, document: unknown): Promise<string> {
  const more = ["-X", "PUT", "-d", JSON.stringify(document)];
  return (await exec(await machine(balancer), ...desired, ...more, "http://control/members")).stdout;
}

interface Members {
  revision: string;
  pools: Record<string, { members: { address: string; port: number; weight: number }[] }>;
}

/** The members with other addresses. */
function led(text: string, address: string, port: number): Members {
  const document = JSON.parse(text) as Members;
  for (const member of document.pools.web?.members ?? []) Object.assign(member, { address, port });
  return { ...document, revision: "bad" };
}

const status = () => project.run("status", "--json");

describe("a warden that was taken over", () => {
  it("can't lead traffic elsewhere, take a lease or have clients sent away", async () => {
    const before = await membersOf("lb-1");
    const elsewhere = JSON.stringify(led(before, "10.0.0.1", 80));
    expect(await ask("warden-1", shared, "PUT", "/members", elsewhere)).toMatch(/^403 /);
    expect(await ask("warden-1", shared, "PUT", "/lease", '{"holder":"x","seconds":100}')).toMatch(/^403 /);
    expect(await ask("warden-1", shared, "PUT", "/leaving", '{"seconds":60}')).toMatch(/^403 /);
    expect(await ask("warden-1", shared, "PUT", "/operator", "{}")).toMatch(/^403 /);
    expect(await ask("warden-1", "/run/hotspare-desired/control.sock", "GET", "/status")).toBe("ENOENT");
    expect(await membersOf("lb-1")).toBe(before);
  });

  it("can't take members out by its overlay, or lower them until nobody is left", async () => {
    const overlay = JSON.parse((await ask("warden-1", shared, "GET", "/overlay")).slice(4));
    const revision = overlay.revision + 1;
    const entries = [{ role: "cold" }, { role: "active", state: "out" }, { role: "active", weight: 1000 }];
    for (const entry of entries) {
      const document = { schema: 1, revision, by: "warden-1", members: { "web-1": entry, "web-2": entry } };
      const answer = await ask("warden-1", shared, "PUT", "/overlay", JSON.stringify(document));
      expect(answer).toMatch(/^400 .*refused/);
    }
    expect((await status()).exitCode).toBe(0);
  });
});

describe("whoever writes members", () => {
  it.each([
    ["127.0.0.1", 9180],
    ["169.254.169.254", 80],
    ["192.0.2.1", 80],
    ["10.0.0.1", 80],
  ])("can't lead a balancer to %s", async (address, port) => {
    const answer = await putMembers("lb-1", led(await membersOf("lb-1"), address, port));
    expect(answer).toContain("the document was refused");
  });

  it("can't lead a balancer to its own addresses", async () => {
    const own = up.machines.find(({ key }) => key === "lb-1")?.address ?? "";
    for (const address of [own, up.virtualAddress.address]) {
      const answer = await putMembers("lb-1", led(await membersOf("lb-1"), address, 80));
      expect(answer).toContain("an address of the balancer itself");
    }
  });

  it("is noticed by status, and undone by up without a replacement", async () => {
    const document = JSON.parse(await membersOf("lb-2")) as Members;
    const [first, ...others] = document.pools.web?.members ?? [];
    if (first === undefined) throw new Error("lb-2 has no members");
    const before = first.weight;
    first.weight = 999;
    for (const other of others) other.address = first.address;
    expect(await putMembers("lb-2", { ...document, revision: "bad" })).toContain('"changed":true');
    const seen = await status();
    expect(seen.exitCode).toBe(5);
    expect(JSON.parse(seen.stdout).findings.join()).toMatch(
      /lb-2: its members are not the planned ones .*weight 999/,
    );
    const again = await project.json<ClusterStatus & { changes: Record<string, number> }>("up");
    expect(again).toMatchObject({ state: "ok", findings: [] });
    expect(Object.keys(again.changes).filter((op) => !["same", "refresh"].includes(op))).toEqual([]);
    expect(JSON.parse(await membersOf("lb-2")).pools.web.members[0].weight).toBe(before);
  });

  it("is noticed in the files that run, too", async () => {
    const file = "/var/lib/hotspare/current/nginx.conf";
    await exec(await machine("lb-2"), "sh", "-c", `echo '# more' >> ${file}`);
    const seen = await status();
    expect(seen.exitCode).toBe(5);
    expect(JSON.parse(seen.stdout).findings.join()).toContain("lb-2: nginx.conf is not the planned one");
    expect(await project.json<ClusterStatus>("up")).toMatchObject({ state: "ok" });
    expect((await status()).exitCode).toBe(0);
  });
});

describe("every container", () => {
  it("has bounds of memory and processes, no capability that it doesn't need, and gains no rights", async () => {
    const label = [`hotspare.owner=${up.owner}`];
    const containers = await docker.listContainers({ all: true, filters: { label } });
    expect(containers.length).toBeGreaterThan(8);
    for (const { Id, Labels } of containers) {
      const { HostConfig } = await docker.getContainer(Id).inspect();
      const role = Labels["hotspare.role"] ?? "";
      const most = ["active", "hot", "cold"].includes(role) ? 2048 : 256;
      expect([role, HostConfig.PidsLimit]).toEqual([role, most]);
      expect(HostConfig.Memory).toBeGreaterThan(0);
      expect(HostConfig.CapDrop).toEqual(["ALL"]);
      expect(HostConfig.SecurityOpt).toContain("no-new-privileges");
      const isNode = most === 2048;
      expect([role, HostConfig.ReadonlyRootfs]).toEqual([role, !isNode]);
    }
  });

  it("of the kit can write to its own folders alone", async () => {
    const writes =
      "for f in /etc /usr/bin /var/lib /srv; do touch $f/x 2>&1; done; touch /tmp/x /run/x && echo written";
    for (const key of ["lb-1", "door"]) {
      const { stdout } = await exec(await machine(key), "sh", "-c", writes);
      expect(stdout.match(/Read-only file system/g)).toHaveLength(4);
      expect(stdout).toContain("written");
    }
  });
});

describe("a node that was taken over", () => {
  const wardenAddress = async () => {
    const { NetworkSettings } = await (await machine("warden-1")).inspect();
    return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
  };

  /** Asks for a warden's metrics from inside a node. @returns the status, or the error's code */
  const askWarden = async (node: string) => {
    const address = await wardenAddress();
    const program = `require("node:http").get("http://${address}:9181/metrics", (answer) => console.log(answer.statusCode))
      .on("error", (error) => console.log(error.code));`;
    return (await exec(await machine(node), "node", "-e", program)).stdout.trim();
  };

  it("can't ask wardens what they see, though the host can", async () => {
    expect((await fetch(`http://${await wardenAddress()}:9181/metrics`)).status).toBe(200);
    expect(await askWarden("web-1")).toBe("ECONNRESET");
    expect(await askWarden("web-hot-1")).toBe("ECONNRESET");
  });

  // docs/balancer.md, "What is not apart on Docker": this is all of it.
  it("has an answer of what clients and balancers ask, and of nothing that steers the cluster", async () => {
    const label = [`hotspare.owner=${up.owner}`];
    const others = (await docker.listContainers({ filters: { label } }))
      .map(({ Labels, NetworkSettings }) => ({
        key: Labels["hotspare.key"] ?? "",
        role: Labels["hotspare.role"] ?? "",
        host: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "",
      }))
      .filter(({ key, host }) => host !== "" && key !== "web-1");
    const ports = [22, 80, 443, 2375, 8080, 9101, 9180, 9181, 9182];
    const program = `
      const { connect } = require("node:net");
      const ask = (host, port) => new Promise((done) => {
        const socket = connect({ host, port }, () => socket.write("GET /status HTTP/1.0\\r\\n\\r\\n"));
        socket.setTimeout(8000, () => socket.destroy());
        socket.on("data", () => (done(port), socket.destroy())).on("error", () => {}).on("close", () => done(null));
      });
      Promise.all(${JSON.stringify(others)}.map(async ({ host, ...other }) =>
        ({ ...other, answers: (await Promise.all(${JSON.stringify(ports)}.map((port) => ask(host, port)))).filter(Boolean) })))
        .then((all) => console.log(JSON.stringify(all)));`;
    const { stdout } = await exec(await machine("web-1"), "node", "-e", program);
    const open: Readonly<Record<string, readonly number[]>> = {
      balancer: [80],
      door: [80],
      active: [8080],
      hot: [8080],
    };
    expect(JSON.parse(stdout)).toEqual(
      others.map(({ key, role }) => ({ key, role, answers: open[role] ?? [] })),
    );
    // Nobody else's address, no forged packet: each needs a right that it hasn't, nor can get.
    const rights = await exec(
      await machine("web-1"),
      "grep",
      "-E",
      "^Cap(Prm|Eff|Bnd|Amb)",
      "/proc/self/status",
    );
    expect(rights.stdout.match(/\t0{16}$/gm)).toHaveLength(4);
  });
});

describe("what an operator says", () => {
  const row = async () =>
    (JSON.parse((await status()).stdout) as ClusterStatus).machines.find(({ key }) => key === "web-1");

  it("takes a node out at once, survives an up, and ends when it is restored", async () => {
    const drained = await project.run("drain", "dev", "web-1", "--reason", "its disk");
    expect(drained).toMatchObject({ exitCode: 0, stdout: "web-1 gets no requests." });
    expect(await row()).toMatchObject({ said: "drained", inRotation: false });
    await project.json("up");
    expect(await row()).toMatchObject({ said: "drained", inRotation: false });
    expect((await project.run("restore", "dev", "web-1")).exitCode).toBe(0);
    expect(await row()).toMatchObject({ said: null, inRotation: true });
  });

  it("keeps clients out with a page, over an up, and lets in whom it names", async () => {
    const url = up.url ?? "";
    const post = { method: "POST", body: "x".repeat(100_000) };
    const on = (...more: string[]) => project.run("maintenance", "on", "dev", "--retry-after", "7", ...more);
    await project.write("page.html", "<h1>back at three</h1>");
    expect(await on("--page", `${project.folder}/page.html`, "--reason", "the fair")).toMatchObject({
      exitCode: 0,
    });
    for (const options of [{}, post]) {
      const answer = await fetch(url, options);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "7"]);
      expect(await answer.text()).toBe("<h1>back at three</h1>");
    }
    const json = await fetch(url, { headers: { accept: "application/json" } });
    expect(await json.json()).toMatchObject({ status: 503, retryAfter: 7 });
    expect(JSON.parse((await status()).stdout)).toMatchObject({
      state: "ok",
      maintenance: { reason: "the fair" },
    });
    await project.json("up");
    expect((await fetch(url)).status).toBe(503);
    // By another balancer too: each has the document.
    const asked = await exec(
      await machine("door"),
      "curl",
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      `http://${up.machines.find(({ key }) => key === "lb-2")?.address}/`,
    );
    expect(asked.stdout).toBe("503");

    // All that comes through the door has the address of the host in the cluster's network.
    expect(await on("--allow", "0.0.0.0/0")).toMatchObject({ exitCode: 0 });
    expect((await fetch(url)).status).toBe(200);
    expect(await project.run("maintenance", "off", "dev")).toMatchObject({ exitCode: 0 });
    expect((await fetch(url)).status).toBe(200);
    expect((await status()).stdout).not.toContain("maintenance");
    const told = (await project.run("events", "dev", "--json")).stdout
      .split("\n")
      .filter((line) => line.includes('"event":"maintenance"'));
    expect(told.map((line) => JSON.parse(line).why)).toEqual([
      expect.stringMatching(/^clients are answered 503: maintenance by \S+ \(the fair\)$/),
      expect.stringMatching(/^clients are answered 503: maintenance by \S+$/),
      "clients are served again",
    ]);
  });

  it("leaves somebody to serve, and knows its nodes", async () => {
    for (const node of ["web-cold-1", "web-hot-1", "web-1", "web-2"])
      expect((await project.run("cordon", "dev", node)).exitCode).toBe(0);
    const last = await project.run("cordon", "dev", "web-3");
    expect(last).toMatchObject({ exitCode: 5 });
    expect(last.stderr).toContain("nobody else of the pool web could serve");
    expect((await project.run("drain", "dev", "web-9")).exitCode).toBe(2);
    for (const node of ["web-cold-1", "web-hot-1", "web-1", "web-2"])
      expect((await project.run("restore", "dev", node)).exitCode).toBe(0);
  });
});
