import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { ownCheck } from "../../../../../components/render/aws/own-check.ts";
import {
  bootstrapLog,
  lastLinesMarks,
  renderUserData,
  sentinel,
} from "../../../../../components/render/aws/user-data.ts";
import { tarGz } from "../../../../../infra/archive.ts";
import { bootstrap } from "../../../../../infra/grounds/aws/bootstrap.ts";
import { containerNode, serviceOf } from "../../../../support/aws/nodes.ts";
import { Machine } from "../../../../support/machine.ts";

let machine: Machine;
beforeEach(async () => {
  machine = new Machine();
  await machine.start();
});
afterEach(() => machine.end());

const soon = { timeout: 8_000, interval: 50 };
const group = {
  HOTSPARE_GROUP: "shop-0123-web",
  HOTSPARE_READY_HOOK: "ready",
  HOTSPARE_DRAIN_HOOK: "drain",
  HOTSPARE_SERVICE: "hotspare-node.service",
  HOTSPARE_LEAVE_SECONDS: "1",
};
const completed = (hook: string) =>
  `aws autoscaling complete-lifecycle-action --lifecycle-action-result CONTINUE --auto-scaling-group-name shop-0123-web --lifecycle-hook-name ${hook} --instance-id i-0abc`;

// They are for Debian: GNU's tools.
describe.skipIf(process.platform !== "linux")("the lifecycle of a machine", () => {
  beforeEach(() => {
    machine.command("systemctl");
    machine.command("aws");
  });

  test("is told as ready only when its service answers", async () => {
    machine.healthy = false;
    machine.run("bin/hotspare-lifecycle", [], group);
    await vi.waitFor(() => expect(machine.tokens.size).toBeGreaterThan(3), soon);
    expect(machine.calls()).toEqual([]);
    machine.healthy = true;
    await vi.waitFor(() => expect(machine.calls()).toEqual([completed("ready")]), soon);
  });

  test("isn't told as ready while its service sends informational answers, which balancers can't pass on; the reason is said once", async () => {
    machine.hints = true;
    machine.run("bin/hotspare-lifecycle", [], group);
    await vi.waitFor(() => expect(machine.tokens.size).toBeGreaterThan(3), soon);
    expect(machine.calls()).toEqual([]);
    expect(machine.said.match(/answers HTTP\/1\.1 103 Early Hints before its final answer/g)).toHaveLength(1);
    machine.hints = false;
    await vi.waitFor(() => expect(machine.calls()).toEqual([completed("ready")]), soon);
  });

  test("is told as ready by what the pool's checks ask: a host, headers, gRPC's health protocol", async () => {
    const checked = (health: object, tls: object | null = null) =>
      ownCheck(serviceOf({ health: { ...health }, ...(tls === null ? {} : { tls }) }));
    const host = checked({ host: "shop.test", headers: { "X-Check": 'a "b" \\c', "X-Empty": "" } });
    expect(host.url).toBe("http://127.0.0.1:8080/readyz");
    const options = join(machine.folder, "health.curl");
    writeFileSync(options, Object.values(host.files)[0] ?? "");
    machine.run("bin/hotspare-lifecycle", [], { ...group, HOTSPARE_HEALTH_OPTIONS: options });
    await vi.waitFor(() => expect(machine.asked).toMatchObject({ host: "shop.test" }), soon);
    expect(machine.asked).toMatchObject({ "x-check": 'a "b" \\c', "x-empty": "" });

    const rpc = checked({ protocol: "grpc", service: "shop.Orders" }, { name: "rpc.internal" });
    expect(rpc.url).toBe("https://rpc.internal:8080/grpc.health.v1.Health/Check");
    expect(rpc.values).toMatchObject({ HOTSPARE_HEALTH_PROTOCOL: "grpc" });
    expect(Object.values(rpc.files)).toEqual([
      [
        "insecure",
        'connect-to = "rpc.internal:8080:127.0.0.1:8080"',
        "http2",
        'header = "content-type: application/grpc"',
        'header = "te: trailers"',
        'data-binary = "@/etc/hotspare/health.grpc"',
        "",
      ].join("\n"),
      "\0\0\0\0\x0d\n\x0bshop.Orders",
    ]);
  });

  test("that is asked by gRPC's health protocol is ready when it says SERVING", async () => {
    let [serving, asked] = [2, ""];
    const server = createServer().on("stream", (stream) => {
      stream.on("data", (bytes) => {
        asked = bytes.toString("latin1");
      });
      stream.on("end", () => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" });
        stream.end(Buffer.from([0, 0, 0, 0, 2, 8, serving]));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { url, values, files } = ownCheck({
      ...serviceOf({ health: { protocol: "grpc", service: "shop" } }),
      port,
    });
    const [options = "", body = ""] = Object.entries(files).map(([path, content]) => {
      const at = join(machine.folder, basename(path));
      writeFileSync(at, content.replace("/etc/hotspare", machine.folder));
      return at;
    });
    machine.run("bin/hotspare-lifecycle", [], {
      ...group,
      ...values,
      HOTSPARE_HEALTH: url,
      HOTSPARE_HEALTH_OPTIONS: options,
    });
    await vi.waitFor(() => expect(asked).toBe(readFileSync(body, "latin1")), soon);
    await vi.waitFor(() => expect(machine.tokens.size).toBeGreaterThan(3), soon);
    expect(machine.calls()).toEqual([]);
    serving = 1;
    await vi.waitFor(() => expect(machine.calls()).toEqual([completed("ready")]), soon);
    server.close();
  });

  test("into the warm pool, out of it, and away: each told once, the last after the service has stopped", async () => {
    machine.target = "Warmed:Running";
    machine.run("bin/hotspare-lifecycle", [], group);
    await vi.waitFor(() => expect(machine.calls()).toEqual([completed("ready")]), soon);
    machine.target = "InService";
    await vi.waitFor(() => expect(machine.calls()).toHaveLength(2), soon);
    machine.target = "Terminated";
    await vi.waitFor(() => expect(machine.calls()).toHaveLength(4), soon);
    const asked = machine.tokens.size;
    await vi.waitFor(() => expect(machine.tokens.size).toBeGreaterThan(asked + 2), soon);
    expect(machine.calls()).toEqual([
      completed("ready"),
      completed("ready"),
      "systemctl stop hotspare-node.service",
      completed("drain"),
    ]);
  });

  test("a hook that isn't held yet is tried again, and no longer than the machine goes there", async () => {
    machine.command("aws", '[[ "$*" != *ready* ]]');
    machine.run("bin/hotspare-lifecycle", [], group);
    await vi.waitFor(() => expect(machine.calls()).toEqual([completed("ready"), completed("ready")]), soon);
    machine.target = "Terminated";
    await vi.waitFor(() => expect(machine.calls().at(-1)).toBe(completed("drain")), soon);
  });
});

describe.skipIf(process.platform !== "linux")("the environment of a node", () => {
  const write = async (list: string) => {
    writeFileSync(join(machine.folder, "list"), list);
    const output = join(machine.folder, "node.env");
    return {
      output,
      ...(await machine.run("bin/hotspare-environment", [join(machine.folder, "list"), output])),
    };
  };

  test("has the machine's name, and secrets byte for byte", async () => {
    machine.command("aws", `printf '%s\\n' 'a"b\\c$d\`e' '' ''`);
    const { output, code } = await write("PASSWORD /hotspare/shop/database\n");
    expect(code).toBe(0);
    expect(readFileSync(output, "utf8")).toBe('HOTSPARE_NODE="i-0abc"\nPASSWORD="a\\"b\\\\c\\$d\\`e\n\n"\n');
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect(machine.calls()).toEqual([
      "aws ssm get-parameter --with-decryption --name /hotspare/shop/database --query Parameter.Value --output text",
    ]);
  });

  test("without secrets is the name alone", async () => {
    const { output } = await write("");
    expect(readFileSync(output, "utf8")).toBe('HOTSPARE_NODE="i-0abc"\n');
  });

  test("isn't there when a secret can't be read", async () => {
    machine.command("aws", "exit 254");
    machine.command("sleep");
    const { output, code, errors } = await write("PASSWORD /hotspare/shop/database\n");
    expect(code).toBe(1);
    expect(errors).toContain("the parameter /hotspare/shop/database can't be read");
    expect(errors).toContain("PASSWORD has no value");
    expect(existsSync(output)).toBe(false);
  });
});

describe.skipIf(process.platform !== "linux")("credentials of containers", () => {
  const ask = (request: string) => {
    const kept = join(machine.folder, "credentials");
    const program = join(
      import.meta.dirname,
      "../../../../../infra/runtime/machine/bin/hotspare-credentials",
    );
    const line = `printf '${request} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' | ${program} ${kept} > ${machine.folder}/answer`;
    writeFileSync(join(machine.folder, "ask"), `#!/bin/bash\n${line}\n`, { mode: 0o755 });
    return machine.run(join(machine.folder, "ask"), [], { HOTSPARE_ROLE: "shop-0123-app-web" });
  };
  const answered = () => readFileSync(join(machine.folder, "answer"), "utf8");
  const roles = () => machine.calls().filter((call) => call.startsWith("aws sts"));

  test("are asked for once, and what AWS doesn't give is no answer of 200", async () => {
    machine.command("aws", "exit 255");
    await ask("GET /credentials");
    expect(answered()).toMatch(/^HTTP\/1.1 503 /);
    machine.command("aws", `echo '{"Token":"t","Expiration":"2026-11-30T09:00:00+00:00"}'`);
    await ask("GET /credentials");
    expect(answered()).toMatch(/^HTTP\/1.1 200 [\s\S]*"Expiration":"2026-11-30T09:00:00Z"/);
    expect(statSync(join(machine.folder, "credentials/answer")).mode & 0o777).toBe(0o600);
    machine.command("aws", "exit 255");
    await ask("GET /credentials");
    expect(answered()).toMatch(/^HTTP\/1.1 200 /);
    expect(roles()).toHaveLength(2);
    expect(roles()[0]).toMatch(
      /--role-arn arn:aws:iam::123456789012:role\/shop-0123-app-web --role-session-name i-0abc /,
    );
  });

  test("that are still good are given before AWS is asked for others, which the next question gets", async () => {
    machine.command("aws", 'echo \'{"Token":"first"}\'');
    await ask("GET /credentials");
    const age = (minutes: number) => {
      const then = Date.now() / 1000 - minutes * 60;
      utimesSync(join(machine.folder, "credentials/answer"), then, then);
    };
    age(40);
    machine.command("aws", `cp ${machine.folder}/answer ${machine.folder}/before\necho '{"Token":"second"}'`);
    await ask("GET /credentials");
    expect(readFileSync(join(machine.folder, "before"), "utf8")).toMatch(/^HTTP\/1.1 200 [\s\S]*first/);
    expect(answered()).toContain("first");
    await ask("GET /credentials");
    expect(answered()).toContain("second");
    expect(roles()).toHaveLength(2);
    // Somebody else renews them.
    age(40);
    machine.command("flock", "exit 1");
    await ask("GET /credentials");
    expect(answered()).toContain("second");
    expect(roles()).toHaveLength(2);
    // Or doesn't get an answer, and they are good no more.
    age(56);
    await ask("GET /credentials");
    expect(answered()).toMatch(/^HTTP\/1.1 503 /);
    expect(roles()).toHaveLength(2);
  });

  test("that don't come are not waited for without end", async () => {
    machine.command("timeout", "exit 124");
    machine.command("aws");
    await ask("GET /credentials");
    expect(answered()).toMatch(/^HTTP\/1.1 503 /);
    expect(machine.calls()).toEqual([
      expect.stringMatching(/^timeout --kill-after=5 30 aws sts assume-role /),
    ]);
  });

  test("are all that there is to ask for", async () => {
    machine.command("aws");
    for (const request of ["GET /latest/meta-data", "PUT /credentials", "GET /credentials/../x"]) {
      await ask(request);
      expect(answered()).toMatch(/^HTTP\/1.1 404 /);
    }
    expect(machine.calls()).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("a sign-in at a registry", () => {
  test("is by the machine's rights at ECR, else with the secret's value, which no argument has", async () => {
    machine.command("aws", 'if [ "$1" = ssm ]; then echo "pass word"; else echo token; fi');
    machine.command("docker", `cat > ${machine.folder}/password`);
    const password = () => readFileSync(join(machine.folder, "password"), "utf8").trimEnd();
    await machine.run("bin/hotspare-registry", ["1.dkr.ecr.eu-west-1.amazonaws.com", "ecr", "eu-west-1"]);
    expect(password()).toBe("token");
    await machine.run("bin/hotspare-registry", ["ghcr.io", "/hotspare/shop/registry", "puller"]);
    expect(password()).toBe("pass word");
    // The two ends of a pipe start in any order.
    expect(machine.calls().sort()).toEqual([
      "aws --region eu-west-1 ecr get-login-password",
      "aws ssm get-parameter --with-decryption --name /hotspare/shop/registry --query Parameter.Value --output text",
      "docker login --username AWS --password-stdin 1.dkr.ecr.eu-west-1.amazonaws.com",
      "docker login --username puller --password-stdin ghcr.io",
    ]);
  });

  test("that fails says so", async () => {
    machine.command("aws", "exit 255");
    machine.command("docker", "cat >/dev/null");
    const { code } = await machine.run("bin/hotspare-registry", [
      "1.dkr.ecr.eu-west-1.amazonaws.com",
      "ecr",
      "x",
    ]);
    expect(code).not.toBe(0);
  });
});

describe.skipIf(process.platform !== "linux")("a bundle", () => {
  beforeEach(() => machine.command("systemd-tmpfiles"));

  const unpack = async (): Promise<string> => {
    const { plan, group: nodes } = containerNode();
    const folder = join(machine.folder, "bundle");
    mkdirSync(folder);
    const { file } = bootstrap.bundle(plan, nodes);
    const { code } = await machine.run("/bin/tar", ["-xzf", file, "-C", folder]);
    expect(code).toBe(0);
    return folder;
  };

  test("installs what is missing, puts files in their places, starts units; and again changes nothing", async () => {
    machine.command("systemctl");
    machine.command("sleep");
    // Held by somebody else the first time.
    machine.command(
      "apt-get",
      `[ "$1" != update ] || [ "$(grep -c 'apt-get update' ${machine.folder}/calls)" = 2 ]`,
    );
    machine.command("dpkg-query", '[ "$3" = curl ] && printf installed');
    const folder = await unpack();
    const root = join(machine.folder, "root");
    expect(await machine.run(join(folder, "install"), [root])).toEqual({ code: 0, errors: "" });
    expect(machine.calls().filter((call) => !call.startsWith("dpkg"))).toEqual([
      `systemd-tmpfiles --create ${root}/etc/tmpfiles.d/hotspare.conf`,
      "systemctl daemon-reload",
      // By which somebody sees what fails from here on.
      "systemctl enable --now hotspare-agents.service",
      "apt-get update",
      "sleep 2",
      "apt-get update",
      "apt-get --option DPkg::Lock::Timeout=120 install -y --no-install-recommends awscli docker.io logrotate",
      "systemctl enable --now hotspare-node.service",
      "systemctl enable --now hotspare-logs.timer",
      "systemctl enable --now hotspare-lifecycle.service",
    ]);
    const program = statSync(join(root, "usr/bin/hotspare-lifecycle"));
    expect(program.mode & 0o777).toBe(0o755);
    expect(readFileSync(join(root, "etc/hotspare/secrets"), "utf8")).toMatch(
      /^PASSWORD \/hotspare\/.*database\n$/,
    );
    await machine.run(join(folder, "install"), [root]);
    expect(statSync(join(root, "usr/bin/hotspare-lifecycle")).mtimeMs).toBe(program.mtimeMs);
  });

  test("whose unit doesn't start is no installed one", async () => {
    machine.command("dpkg-query", "printf installed");
    machine.command("systemctl", '[ "$3" != hotspare-node.service ]');
    const { code } = await machine.run(join(await unpack(), "install"), [join(machine.folder, "root")]);
    expect(code).toBe(1);
    // Who would say that the machine is ready isn't started either.
    expect(machine.calls().at(-1)).toBe("systemctl enable --now hotspare-node.service");
  });
});

describe.skipIf(process.platform !== "linux")("the program in user data", () => {
  const install = (line: string) =>
    tarGz([{ name: "install", mode: 0o755, content: `#!/bin/sh\n${line}\n` }]);

  const consoleFile = () => join(machine.folder, "console");

  /** Runs it over a bundle that ought to be another; gives its exit code and the sentinel, null where there is none. */
  const run = async (fetched: Buffer, planned = fetched) => {
    const sha256 = createHash("sha256").update(planned).digest("hex");
    const text = renderUserData(
      "web",
      "eu-central-1",
      { bucket: "bundles", key: "web/x.tar.gz", sha256 },
      "f00d",
      { group: "shop-0123-web", hook: "ready" },
    );
    const done = join(machine.folder, "done/bootstrapped");
    const [file] = parse(text).write_files;
    const program = join(machine.folder, "program");
    const paths: readonly [string, string][] = [
      [sentinel, done],
      ["/var/lib/hotspare", join(done, "..")],
      [bootstrapLog, join(machine.folder, "log")],
      ["/dev/console", consoleFile()],
    ];
    writeFileSync(
      program,
      paths.reduce((text, [path, ours]) => text.replaceAll(path, ours), String(file.content)),
    );
    machine.command("cloud-init", 'printf "i-0abc"');
    chmodSync(program, 0o755);
    writeFileSync(join(machine.folder, "fetched"), fetched);
    machine.command("aws", `[ "$1" != s3 ] || cp ${join(machine.folder, "fetched")} "\${@: -1}"`);
    const { code } = await machine.run(program);
    return { code, sha256, sentinel: existsSync(done) ? readFileSync(done, "utf8") : null };
  };

  test("fetches, installs, and leaves its mark last", async () => {
    const { code, sha256, sentinel } = await run(install(`echo installed >> ${machine.folder}/calls`));
    expect({ code, sentinel }).toEqual({ code: 0, sentinel: `${sha256}\n` });
    expect(machine.calls()[0]).toMatch(/^aws s3 cp --no-progress s3:\/\/bundles\/web\/x\.tar\.gz /);
    expect(machine.calls()[1]).toBe("installed");
  });

  test("runs nothing of another bundle", async () => {
    const { code, sentinel } = await run(
      install(`echo installed >> ${machine.folder}/calls`),
      install("exit 0"),
    );
    expect(code).not.toBe(0);
    expect(sentinel).toBeNull();
    expect(machine.calls()).not.toContain("installed");
  });

  test("whatever fails is on the console with its last lines, and the group gives the machine up at once", async () => {
    await run(install("echo no package called nginx; exit 7"));
    const [begin, ...lines] = readFileSync(consoleFile(), "utf8").split("\n");
    expect(begin).toBe(lastLinesMarks.begin);
    expect(lines).toContain("no package called nginx");
    expect(lines.slice(-2)).toEqual([lastLinesMarks.end, ""]);
    expect(machine.calls().at(-1)).toBe(
      "aws autoscaling complete-lifecycle-action --lifecycle-action-result ABANDON --auto-scaling-group-name shop-0123-web --lifecycle-hook-name ready --instance-id i-0abc",
    );
  });

  test("nothing is given up where all went well", async () => {
    await run(install("exit 0"));
    expect(existsSync(consoleFile())).toBe(false);
    expect(machine.calls().filter((call) => call.includes("ABANDON"))).toEqual([]);
  });

  test("leaves no mark when the installation fails", async () => {
    const { code, sentinel } = await run(install("exit 7"));
    expect({ code, sentinel }).toEqual({ code: 7, sentinel: null });
  });
});
