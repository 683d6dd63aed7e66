import { defineStack } from "hotspare/stack";
import { withCluster } from "hotspare/testing";
import { expect, test } from "vitest";
import { ApiClient, ApiError } from "./client.ts";

/** The API's servers as they stand in production, but fewer. */
const api = defineStack({
  name: "api",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 1 },
  pools: { web: { active: 2 } },
  routes: [{ path: "/", pool: "web" }],
});

test("the client has its answers while a node fails, and says so when all do", {
  timeout: 240_000,
}, async () => {
  await withCluster(api, async (cluster) => {
    const client = new ApiClient(cluster.url);
    const nodes = new Set<string>();
    while (nodes.size < 2) nodes.add((await client.identity()).node);

    await cluster.machine("web-1").freeze();
    for (let request = 0; request < 20; request++) expect((await client.identity()).node).toBe("web-2");
    expect(await client.count()).toBe(1);

    await cluster.machine("web-2").freeze();
    await expect(client.identity()).rejects.toThrow(ApiError);
    await cluster.machine("web-1").thaw();
    await cluster.waitFor(({ machines }) => machines.some(({ key, healthy }) => key === "web-1" && healthy));
    expect((await client.identity()).node).toBe("web-1");
  });
});
