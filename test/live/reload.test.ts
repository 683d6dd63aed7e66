import { afterAll, beforeAll, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec } from "../support/containers.ts";
import type { LoadResult } from "../support/load.ts";
import { Project } from "../support/project.ts";
import { after, runLoad } from "../support/run-load.ts";

/*
 * Changes that no balancer can take without a reload, by `up` and under load: TLS on, TLS off. Each balancer gives the virtual
 * address away first. A plain reload stands beside it. All figures are printed, for docs/balancer.md.
 */

let project: Project;
let status: ClusterStatus;

const stack = (tls: string) => `import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", listen: { tls: ${tls} } },
  pools: { web: { active: 3 } },
});
`;
const withTls = stack('{ redirect: false, certificate: { kind: "self-signed", names: ["api.test"] } }');
const without = stack("null");

beforeAll(async () => {
  project = await Project.create();
  await project.write("stacks/dev.ts", without);
  status = await project.json<ClusterStatus>("up");
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

async function holder(): Promise<string> {
  const { virtualAddress } = await project.json<ClusterStatus>("status");
  return virtualAddress.holder ?? "nobody";
}

const lostOf = ({ failed }: LoadResult) => Object.values(failed).reduce((sum, count) => sum + count, 0);

/** 400 requests a second of 20 ms, half of them on connections that clients keep; how many were lost. */
async function underLoad(what: string, seconds: number, act: () => Promise<void>): Promise<number> {
  const url = `http://${status.virtualAddress.address}/slow?ms=20`;
  const network = `dev-${status.owner.slice(0, 4)}-net`;
  const [kept, fresh] = await Promise.all([
    runLoad(network, { url, rps: 200, seconds }),
    runLoad(network, { url, rps: 200, seconds, fresh: true }),
    after(2000).then(act),
  ]);
  const figures = (one: LoadResult) => `${lostOf(one)} of ${one.sent}, longest gap ${one.longestGap} ms`;
  console.log(`${what}: kept connections ${figures(kept)}; new ones ${figures(fresh)}`);
  return lostOf(kept) + lostOf(fresh);
}

it("clients with kept connections and new ones notice nothing", async () => {
  await underLoad("a plain reload", 8, async () => {
    const label = [`hotspare.owner=${status.owner}`, `hotspare.key=${await holder()}`];
    const [found] = await docker.listContainers({ filters: { label } });
    await exec(docker.getContainer(found?.Id ?? ""), "sh", "-c", "kill -HUP $(cat /run/hotspare/nginx.pid)");
  });
  let lost = 0;
  for (const text of [withTls, without]) {
    const what = text === withTls ? "TLS on by `up`" : "TLS off by `up`";
    lost += await underLoad(what, 25, async () => {
      await project.write("stacks/dev.ts", text);
      const up = await project.run("up", "--no-refresh");
      expect(up.exitCode, up.stderr).toBe(0);
    });
    // Each gives it away before its own reload, the first one first: whoever had it, in the end that one has it.
    expect(await holder()).toBe("lb-1");
  }
  // A connection may be made with one balancer and used with the other, in the moment of the move.
  expect(lost).toBeLessThanOrEqual(3);
});
