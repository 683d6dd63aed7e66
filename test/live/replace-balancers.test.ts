import { afterAll, beforeAll, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec } from "../support/containers.ts";
import { Project } from "../support/project.ts";
import { after, runLoad } from "../support/run-load.ts";

/* Both balancers replaced by one `up`, under load: one after the other, the address with the one that serves. */

let project: Project;
let status: ClusterStatus;

const stack = (balancer: string) => `import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", ${balancer} },
  pools: { web: { active: 2 } },
});
`;

beforeAll(async () => {
  project = await Project.create();
  await project.write("stacks/dev.ts", stack("cpus: 1"));
  status = await project.json<ClusterStatus>("up");
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

const balancers = async (): Promise<string[]> => {
  const label = [`hotspare.owner=${status.owner}`, "hotspare.role=balancer"];
  return (await docker.listContainers({ all: true, filters: { label } })).map(({ Id }) => Id).sort();
};

it("loses no request of new clients, and none through the door", async () => {
  const old = await balancers();
  expect((await project.run("cordon", "dev", "web-2", "--reason", "its disk")).exitCode).toBe(0);
  await project.write("stacks/dev.ts", stack("cpus: 0.9"));
  const network = `dev-${status.owner.slice(0, 4)}-net`;
  const door = status.machines.find(({ key }) => key === "door")?.address;
  const [direct, through, up] = await Promise.all([
    runLoad(network, { url: `http://${status.virtualAddress.address}/`, rps: 100, seconds: 16, fresh: true }),
    runLoad(network, { url: `http://${door}/`, rps: 100, seconds: 16, post: 0.2 }),
    after(1000).then(() => project.run("up", "--json")),
  ]);
  expect(up.exitCode, up.stderr).toBe(0);
  expect((await balancers()).filter((id) => old.includes(id))).toEqual([]);
  expect(direct.failed).toEqual({});
  expect(direct.longestGap).toBeLessThan(1000);
  expect(through.failed).toEqual({});

  // The new ones know what was said to those before.
  for (const id of await balancers()) {
    const asked = [
      "curl",
      "-s",
      "--unix-socket",
      "/run/hotspare-desired/control.sock",
      "http://control/operator",
    ];
    const { stdout } = await exec(docker.getContainer(id), ...asked);
    expect(JSON.parse(stdout).members).toEqual({ "web-2": { state: "cordoned", reason: "its disk" } });
  }
});
