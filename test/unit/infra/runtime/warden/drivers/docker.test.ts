import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DockerDriver } from "../../../../../../infra/runtime/warden/drivers/docker.ts";
import { temporaryFolder } from "../../../../../support/temporary.ts";

/** The power that a warden sees where the filter lists these containers: `[key, generation, state]`. */
async function powerOf(...containers: [key: string, generation: number, state: string][]) {
  const socket = join(temporaryFolder(), "filter.sock");
  const listed = containers.map(([key, generation, State]) => ({
    Id: `${key}-${generation}`,
    State,
    Labels: { "hotspare.key": key, "hotspare.generation": String(generation), "hotspare.role": "active" },
  }));
  const server = createServer((_, response) => void response.end(JSON.stringify(listed))).listen(socket);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return new DockerDriver(socket, 0).power();
}

test("a node is what its container is", async () => {
  const seen = await powerOf(["web-1", 0, "running"], ["web-2", 0, "exited"], ["web-3", 0, "paused"]);
  expect(seen).toEqual({ "web-1": "running", "web-2": "off", "web-3": "paused" });
});

test.each([
  [
    "serves on until the new container is started",
    [
      ["web-1", 1, "created"],
      ["web-1", 0, "running"],
    ],
    "running",
  ],
  [
    "is the new one as soon as that has been started",
    [
      ["web-1", 0, "running"],
      ["web-1", 1, "exited"],
    ],
    "off",
  ],
  [
    "is the new one where the old one runs no more",
    [
      ["web-1", 0, "exited"],
      ["web-1", 1, "created"],
    ],
    "off",
  ],
  [
    "is the newest of three",
    [
      ["web-1", 2, "created"],
      ["web-1", 0, "running"],
      ["web-1", 1, "running"],
    ],
    "running",
  ],
] as const)("a node that is being replaced %s", async (_, containers, power) => {
  expect(await powerOf(...containers.map((each): [string, number, string] => [...each]))).toEqual({
    "web-1": power,
  });
});
