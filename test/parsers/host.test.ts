import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { projectRoot } from "../../infra/context.ts";
import { folderImage } from "../../infra/images.ts";
import { ensureImages } from "../../scripts/toolchain/images.ts";
import { Progress } from "../../scripts/toolchain/progress.ts";
import { exec, put, removeAll, start } from "../support/containers.ts";
import { until } from "../support/until.ts";

/*
 * The program on servers, by itself, on a Debian with systemd: what it refuses, and what it leaves behind when something is cut short. By
 * SSH, and with the engine, it is tested in test/live/metal.test.ts.
 */

const suite = "host";
const program = readFileSync(join(projectRoot, "infra/runtime/host/hotspare-host"));

let server: Docker.Container;
let address: string;

beforeAll(async () => {
  await removeAll(suite);
  const image = folderImage("lab-server", join(projectRoot, "scripts/lab/server"));
  await ensureImages(new Progress(), resolveDockerHost(process.env, homedir()), [image]);
  server = await start(suite, {
    Image: image.ref,
    Hostname: "server",
    HostConfig: {
      CapAdd: ["SYS_ADMIN", "NET_ADMIN", "NET_RAW"],
      SecurityOpt: ["apparmor=unconfined"],
      Tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
      Binds: ["/sys/fs/cgroup:/sys/fs/cgroup:ro"],
    },
  });
  await until("systemd runs", async () => (await on("systemctl is-system-running")).stdout.length > 0);
  address = (await on("hostname -I")).stdout.trim().split(" ")[0] ?? "";
  await put(server, "/root", { "hotspare-host": program });
  await host("claim", "0123abcd", "shop");
});

afterAll(() => removeAll(suite));

const on = (lines: string) => exec(server, "bash", "-c", lines);
const host = (...args: string[]) => on(`bash /root/hotspare-host ${args.join(" ")}`);

const service = "[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n";
const unit = "hotspare-node.service";

interface Bundle {
  readonly mark?: string;
  readonly release?: number;
  readonly packages?: string;
  readonly ports?: string;
  readonly health?: string;
  readonly address?: string;
  readonly file?: string;
}

/** Delivers a node whose service only sleeps. */
async function deliver(key: string, bundle: Bundle = {}) {
  await on("rm -rf /root/bundle && mkdir -p /root/bundle");
  await put(server, "/root", {
    "bundle/hotspare-host": program,
    "bundle/packages": bundle.packages ?? "",
    "bundle/units": `${unit}\n`,
    "bundle/ports": bundle.ports ?? "8080\n",
    "bundle/virtual": "",
    "bundle/health": bundle.health ?? "",
    "bundle/wanted": `${bundle.mark ?? "0123abcd\nshop"}\neth0\n${bundle.address ?? address}\n${bundle.release ?? 12}\n`,
    [`bundle/files/etc/systemd/system/${unit}`]: service,
    "bundle/files/etc/hotspare/node.env": bundle.file ?? "PORT=8080\n",
  });
  return on(`bash /root/bundle/hotspare-host deliver ${key} digest1`);
}

const changed = () => on("ls -d /etc/hotspare /etc/systemd/system/hotspare-node.service 2>/dev/null; true");

describe("a delivery is refused before anything is changed", () => {
  const refusals: readonly [what: string, prepare: string, bundle: Bundle, words: string][] = [
    [
      "where another distribution runs",
      "cp -L /etc/os-release /root/os && rm /etc/os-release && sed 's/^ID=.*/ID=ubuntu/; s/^PRETTY_NAME=.*/PRETTY_NAME=\"Ubuntu 24.04\"/' /root/os > /etc/os-release",
      {},
      "it runs Ubuntu 24.04; the kit knows Debian 12 and 13",
    ],
    ["where Debian is too old", "true", { release: 99 }, "and this machine needs 99: upgrade it"],
    [
      "where the disk is full",
      "printf '#!/bin/sh\\necho Avail; echo 1200\\n' > /usr/local/sbin/df; chmod 755 /usr/local/sbin/df",
      {},
      "its disk is full: less than 200 MB are free in /var",
    ],
    [
      "where somebody listens on the port",
      "systemd-run --quiet --unit=squatter node -e 'require(`net`).createServer().listen(8080)'; sleep 1",
      {},
      "something listens on port 8080 already",
    ],
    [
      "where the card has another address",
      "true",
      { address: "192.0.2.77" },
      "its card eth0 hasn't the address 192.0.2.77",
    ],
    [
      "where another stack has its mark",
      "true",
      { mark: "ffff0000\nother" },
      "its mark isn't this stack's: 0123abcd shop",
    ],
    [
      "where a file is somebody else's",
      "mkdir -p /etc/hotspare && echo mine > /etc/hotspare/node.env",
      {},
      "/etc/hotspare/node.env is there already and isn't the kit's",
    ],
    [
      "where a package can't be had",
      "true",
      { packages: "no-such-package\n" },
      "these packages can't be installed: no-such-package",
    ],
  ];
  const restore =
    "[ ! -f /root/os ] || { mv /root/os /etc/os-release; }; rm -f /usr/local/sbin/df; systemctl stop squatter 2>/dev/null; rm -rf /etc/hotspare; true";

  it.each(refusals)("%s", async (_, prepare, bundle, words) => {
    await on(prepare);
    const before = (await changed()).stdout;
    const { exitCode, stderr } = await deliver("web-1", bundle);
    const after = (await changed()).stdout;
    await on(restore);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(words)]);
    expect(after).toBe(before);
    expect((await host("look", "web-1")).stdout).toBe("none\n");
  });
});

describe("a delivery", () => {
  it("that is cut short is told as unfinished, and the next one ends it", async () => {
    // It waits for an answer that never comes: the power is cut meanwhile.
    const cut = deliver("web-1", { health: "8080 / 60\n" });
    await until("it has begun", async () => (await host("look", "web-1")).stdout === "unfinished\n", 30_000);
    await on("pkill -KILL -f 'hotspare-host deliver'");
    await cut;
    expect((await host("look", "web-1")).stdout).toBe("unfinished\n");
    expect((await deliver("web-1")).exitCode).toBe(0);
    expect((await host("look", "web-1")).stdout).toBe("digest1\n");
  });

  it("that doesn't get healthy is rolled back to what was there", async () => {
    const { exitCode, stderr } = await deliver("web-1", { file: "PORT=9\n", health: "8080 / 1\n" });
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining("it is back at what it had before")]);
    expect((await on("cat /etc/hotspare/node.env")).stdout).toBe("PORT=8080\n");
    expect((await host("look", "web-1")).stdout).toBe("digest1\n");
  });

  it("tells whose place it takes, and nothing of itself", async () => {
    expect((await host("rivals", "web-hot-1", unit)).stdout).toBe("web-1\n");
    expect((await host("rivals", "web-1", unit)).stdout).toBe("");
  });

  it("is taken away with all that it brought; packages that an installation cut short has brought go as well", async () => {
    await host("remove", "web-1");
    // As it is when the power was cut while packages were installed: what was there before is noted, what came isn't.
    await on(
      "dpkg --get-selections | awk '$2 == \"install\" { print $1 }' | cut -d: -f1 | grep -vx logrotate | LC_ALL=C sort > /var/lib/hotspare/host/packages.before",
    );
    expect((await host("release")).exitCode).toBe(0);
    expect((await on("dpkg --get-selections logrotate; true")).stdout).not.toMatch(/\tinstall$/m);
    expect((await changed()).stdout).toBe("");
    expect((await on("ls -d /var/lib/hotspare 2>/dev/null; true")).stdout).toBe("");
  });
});
