/*
 * What h2spec says of the balancer's TLS listener, and of nginx of the same image with nothing but HTTP/2 and a proxy_pass: a case that
 * fails with the balancer alone is the kit's doing, and ends this with 1.
 *
 *   go install github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible
 *   node test/bench/h2spec.ts <h2spec>
 *
 * It reaches containers by their addresses, so it runs on the engine's own host.
 */

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker, exec, images, labelOf, put, removeAll } from "../support/containers.ts";
import { deliver, filesOf, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

const suite = "h2spec";
const plan = planOf({
  name: "h2spec",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.96.0/23" },
  balancer: { kind: "nginx", count: 1, listen: { tls: { certificate: { kind: "self-signed" } } } },
  pools: { web: { active: 2 } },
});
const [program = "h2spec"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "hotspare-h2spec-"));

/** nginx with the certificate that the balancer has made for itself. */
async function plainNginx(): Promise<string> {
  const tls = "/var/lib/hotspare/current/tls/self-signed";
  const conf = `events {} http { access_log off; server { listen 443 ssl; http2 on;
    ssl_certificate ${tls}.crt; ssl_certificate_key ${tls}.key;
    location / { proxy_http_version 1.1; proxy_pass http://${plan.nodes[0]?.address}:${plan.nodes[0]?.port}; } } }`;
  const made = await docker.createContainer({
    Image: (await images()).balancer,
    Labels: labelOf(suite),
    Cmd: ["nginx", "-c", "/srv/nginx.conf", "-g", "daemon off;"],
    HostConfig: { NetworkMode: `hotspare-test-${suite}`, VolumesFrom: [`hotspare-test-${suite}-lb-1`] },
  });
  await put(made, "/", { "srv/nginx.conf": conf });
  await made.start();
  const { NetworkSettings } = await made.inspect();
  return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
}

interface Verdict {
  readonly cases: number;
  readonly failed: ReadonlySet<string>;
}

/** All cases, by their names and sections. */
async function judged(host: string, name: string): Promise<Verdict> {
  const report = join(folder, `${name}.xml`);
  const args = ["-t", "-k", "-h", host, "-p", "443", "-o", "3", "-j", report];
  // Its exit code says that a case has failed.
  await new Promise<void>((done) => void execFile(program, args, { maxBuffer: 2 ** 26 }, () => done()));
  const cases = [
    ...readFileSync(report, "utf8").matchAll(
      /<testcase package="([^"]*)" classname="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g,
    ),
  ];
  const failed = cases.filter(([, , , inside]) => /<(failure|error)/.test(inside ?? ""));
  return {
    cases: cases.length,
    failed: new Set(failed.map(([, section, title]) => `${section}: ${title}`)),
  };
}

await removeAll(suite);
try {
  const pair = await startPair(suite, plan);
  const applied = await deliver(pair.machine("lb-1"), filesOf(plan, "lb-1"));
  if (applied.exitCode !== 0) throw new Error(applied.stderr);
  const plain = await plainNginx();
  for (const host of [plan.balancers[0]?.address ?? "", plain])
    await until(`${host} answers`, async () => {
      const { stdout } = await exec(
        pair.machine("lb-1"),
        "curl",
        "-sk",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        `https://${host}/`,
      );
      return stdout === "200";
    });
  const balancer = await judged(plan.balancers[0]?.address ?? "", "balancer");
  const bare = await judged(plain, "nginx");
  const own = [...balancer.failed].filter((name) => !bare.failed.has(name));
  const better = [...bare.failed].filter((name) => !balancer.failed.has(name));
  console.log(
    `balancer: ${balancer.failed.size} of ${balancer.cases} cases fail; nginx alone: ${bare.failed.size} of ${bare.cases}`,
  );
  for (const name of own) console.log(`the balancer alone: ${name}`);
  for (const name of better) console.log(`nginx alone: ${name}`);
  if (balancer.cases === 0 || balancer.cases !== bare.cases || own.length > 0) process.exitCode = 1;
} finally {
  await removeAll(suite);
  rmSync(folder, { recursive: true, force: true });
}
