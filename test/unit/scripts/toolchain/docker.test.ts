import { expect, test } from "vitest";
import { advice, askDocker } from "../../../../scripts/toolchain/docker.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

test("an engine that is not there is told apart by the system's code", async () => {
  expect(await askDocker(`unix://${temporaryFolder()}/docker.sock`)).toEqual({ code: "ENOENT" });
});

test.each([
  ["unix:///var/run/docker.sock", "EACCES", "linux", "usermod -aG docker"],
  ["unix:///var/run/docker.sock", "ENOENT", "linux", "apt-get install docker.io"],
  ["unix:///Users/me/.docker/run/docker.sock", "ENOENT", "darwin", "Docker Desktop"],
  ["tcp://10.0.0.1:2375", "ECONNREFUSED", "linux", "DOCKER_HOST"],
])("advice for %s, %s on %s says %s", (host, code, platform, way) => {
  const text = advice(host, code, platform);
  expect(text).toContain(way);
  expect(text).toContain(host);
});
