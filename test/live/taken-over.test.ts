import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec } from "../support/containers.ts";
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

async function machine(key: string) {
  const label = [`hotspare.owner=${up.owner}`, `hotspare.key=${key}`];
  const [found] = await docker.listContainers({ all: true, filters: { label } });
  if (found === undefined) throw new Error(`there is no ${key}`);
  return docker.getContainer(found.Id);
}

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
    expect(Object.keys(again.changes).sort()).toEqual(["refresh", "same"]);
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

describe("what an operator says", () => {
  const say = async (state: string | null) => {
    for (const key of ["lb-1", "lb-2"]) {
      const balancer = await machine(key);
      const found = JSON.parse((await exec(balancer, ...desired, "http://control/operator")).stdout);
      const members = state === null ? {} : { "web-1": { state, reason: "its disk" } };
      const document = { ...found, revision: found.revision + 1, by: "somebody", members };
      const more = ["-X", "PUT", "-d", JSON.stringify(document)];
      const { stdout } = await exec(balancer, ...desired, ...more, "http://control/operator");
      expect(stdout).toContain(`"revision":${document.revision}`);
    }
  };
  const row = async () =>
    (JSON.parse((await status()).stdout) as ClusterStatus).machines.find(({ key }) => key === "web-1");

  it("takes a node out at once and survives an up", async () => {
    await say("drained");
    expect(await row()).toMatchObject({ said: "drained", inRotation: false });
    await project.json("up");
    expect(await row()).toMatchObject({ said: "drained", inRotation: false });
    await say(null);
    expect(await row()).toMatchObject({ said: null, inRotation: true });
  });
});
