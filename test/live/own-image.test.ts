import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker } from "../support/containers.ts";
import { Project } from "../support/project.ts";

/*
 * A stack as a user would write it: an image built from their own folder, a certificate and a token from Pulumi config,
 * streaming routes. The tests build on each other.
 */

const token = "token-that-must-not-be-read-anywhere";
let project: Project;
let up: ClusterStatus;

beforeAll(async () => {
  project = await Project.create();
  await cp(join(import.meta.dirname, "../fixtures/echo-node"), join(project.folder, "echo"), {
    recursive: true,
  });
  await project.write(
    "stacks/dev.ts",
    `import { defineStack } from "../components/model/define.ts";
import { secret } from "../components/model/secret.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: {
    kind: "nginx",
    listen: { tls: { certificate: { kind: "given", certificate: secret("tls-cert"), key: secret("tls-key") }, redirect: false } },
  },
  pools: {
    echo: { image: { kind: "build", context: "./echo" }, active: 2, health: { path: "/" }, environment: { API_TOKEN: secret("token") } },
  },
  routes: [{ path: "/", pool: "echo" }, { path: "/live/", pool: "echo", streaming: true }],
});
`,
  );
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

async function certificate(name: string): Promise<{ cert: string; key: string }> {
  const file = (kind: string) => join(project.folder, `${name}.${kind}`);
  const options = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
  ];
  await execa("openssl", ["req", "-x509", ...options, "-keyout", file("key"), "-out", file("crt")]);
  return { cert: await readFile(file("crt"), "utf8"), key: await readFile(file("key"), "utf8") };
}

async function setSecret(name: string, value: string): Promise<void> {
  await project.write("value", value);
  const set = await project.run("secret", "set", "dev", name, "--file", join(project.folder, "value"));
  expect(set.exitCode, set.stderr).toBe(0);
}

/** Common name of the certificate that the door shows. */
function shownName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const port = Number(new URL(up.url ?? "").port) + 1;
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    });
    socket.once("error", reject);
  });
}

describe("a stack with an image, a certificate and secrets of its own", () => {
  it("names all secrets that are missing, before anything is built, and so does the plan", async () => {
    const result = await project.run("up");
    expect(result.exitCode).toBe(3);
    const missing = (path: string, name: string) =>
      `${path}: the secret "${name}" has no value; \`./hotspare secret set dev ${name}\` asks for it`;
    const all = [
      missing("balancer.listen.tls.certificate.certificate", "tls-cert"),
      missing("balancer.listen.tls.certificate.key", "tls-key"),
      missing("pools.echo.environment.API_TOKEN", "token"),
    ];
    expect(result.stderr.split("\n")).toEqual(all);
    const plan = await project.run("plan", "--no-files");
    expect(plan.stderr.split("\n")).toEqual(all.map((line) => `! ${line}`));
    expect(plan.exitCode).toBe(0);
  });

  it("stands up with them", async () => {
    const { cert, key } = await certificate("first.example.test");
    await setSecret("tls-cert", cert);
    await setSecret("tls-key", key);
    await setSecret("token", token);
    expect((await project.run("secret", "list", "dev")).stdout).toMatch(/^token +set +pools\.echo/m);
    up = await project.json<ClusterStatus>("up");
    expect(up.state).toBe("ok");
    const answer = (await (await fetch(up.url ?? "")).json()) as { own: boolean; secret: string };
    expect(answer).toMatchObject({ own: true, secret: token });
    expect(await shownName()).toBe("first.example.test");
  });

  it("keeps the secrets out of the state, the plan and the configuration in plain text", async () => {
    const { key } = { key: await readFile(join(project.folder, "first.example.test.key"), "utf8") };
    const keyLine = key.split("\n")[1] ?? "none";
    const state = join(project.folder, ".state");
    const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      expect(text.includes(token), file.name).toBe(false);
      expect(text.includes(keyLine), file.name).toBe(false);
    }
    const plan = await project.run("plan", "--json");
    expect(plan.stdout).toContain('"secret": "tls-key"');
    expect(plan.stdout).not.toContain(token);
  });

  it("passes WebSocket and streams through its streaming route", async () => {
    const socket = new WebSocket(`${up.url?.replace("http", "ws")}/live/socket`);
    const echoed = await new Promise<string>((resolve, reject) => {
      socket.once("open", () => socket.send("hello"));
      socket.once("message", (data) => resolve(String(data)));
      socket.once("error", reject);
    });
    socket.terminate();
    expect(echoed).toBe("hello");

    const response = await fetch(`${up.url}/live/stream`);
    const arrivals: number[] = [];
    for await (const chunk of response.body ?? []) arrivals.push(chunk.length === 0 ? 0 : performance.now());
    expect(arrivals.length).toBeGreaterThan(10);
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(1500);
  });

  it("takes a new certificate in place", async () => {
    const ids = await containerIds();
    const { cert, key } = await certificate("second.example.test");
    await setSecret("tls-cert", cert);
    await setSecret("tls-key", key);
    up = await project.json<ClusterStatus>("up");
    expect(await shownName()).toBe("second.example.test");
    expect(await containerIds()).toEqual(ids);
  });

  it("refuses a broken certificate with nginx's own words, goes on with the old one, and mends with the next `up`", async () => {
    const { key } = await certificate("third.example.test");
    await setSecret("tls-key", key);
    const broken = await project.run("up");
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toContain("refused its new configuration and goes on with the old one");
    expect(broken.stderr).toContain("key values mismatch");
    expect(await shownName()).toBe("second.example.test");
    expect((await fetch(up.url ?? "")).status).toBe(200);

    await setSecret("tls-cert", await readFile(join(project.folder, "third.example.test.crt"), "utf8"));
    expect((await project.json<ClusterStatus>("up")).state).toBe("ok");
    expect(await shownName()).toBe("third.example.test");
  });

  it("copies a value to another stack, removes it, and never shows it", async () => {
    const copied = await project.run("secret", "copy", "dev", "token", "--to", "staging");
    expect(copied.exitCode, copied.stderr).toBe(0);
    const get = () => project.run("pulumi", "config", "get", "-s", "staging", "token");
    expect((await get()).stdout.trim()).toBe(token);
    const removed = await project.run("secret", "remove", "staging", "token");
    expect(removed.exitCode, removed.stderr).toBe(0);
    expect((await get()).exitCode).not.toBe(0);
    expect(copied.stdout + copied.stderr + removed.stdout).not.toContain(token);
  });

  it("rolls the nodes to a new value of a secret", async () => {
    await setSecret("token", "another-token");
    expect((await project.json<ClusterStatus>("up")).state).toBe("ok");
    expect(await (await fetch(up.url ?? "")).json()).toMatchObject({ secret: "another-token" });
  });

  it("builds the image again when its files change, and rolls the nodes to it", async () => {
    await project.edit("echo/server.mjs", "own: true", 'own: "newer"');
    expect((await project.json<ClusterStatus>("up")).state).toBe("ok");
    expect(await (await fetch(up.url ?? "")).json()).toMatchObject({ own: "newer" });
  });
});

async function containerIds(): Promise<string[]> {
  const found = await docker.listContainers({
    all: true,
    filters: { label: [`hotspare.owner=${up.owner}`] },
  });
  return found.map(({ Id }) => Id).sort();
}
