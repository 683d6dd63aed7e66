import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerTransport } from "../../components/platform/docker/transport.ts";
import { deliverBy } from "../../components/platform/planned/deliver-by.ts";
import { incomingFolder, stateFolder } from "../../components/render/paths.ts";
import { docker, exec, images, labelOf, put, removeAll } from "../support/containers.ts";

/*
 * Files for a machine that is switched off: Docker puts them where the machine finds them at its start, whether that is the
 * container's own disk or a volume. One that something else has started meanwhile takes them at once.
 */

const suite = "cold-files";
const volume = "hotspare-test-cold-files";
const pace = { patience: 1000, step: 1000, drain: 1000 };
let node: string;

beforeAll(async () => {
  await removeAll(suite);
  node = (await images()).node;
  await docker.createVolume({ Name: volume, Labels: labelOf(suite) });
});

afterAll(() => removeAll(suite));

/** A machine that is there and switched off. */
function machine(mounts: Docker.MountConfig = []): Promise<Docker.Container> {
  return docker.createContainer({
    Image: node,
    Cmd: ["sleep", "600"],
    HostConfig: { Mounts: mounts, Init: true },
    Labels: labelOf(suite),
  });
}

function deliver({ id }: Docker.Container, content: string): Promise<void> {
  const files = [
    { path: "app.env", mode: "0644", content },
    { path: "tls/app.key", mode: "0600", content: `key of ${content}` },
  ];
  return deliverBy(dockerTransport(docker))({ machine: id, files, labels: {}, mayBeOff: true, pace });
}

const isOn = async (container: Docker.Container) => (await container.inspect()).State.Running;

/** What a machine has been given, as the machine itself sees it. */
async function found(container: Docker.Container): Promise<string> {
  const look = `cd ${incomingFolder} && cat app.env && stat -c ' %a' app.env tls/app.key | tr -d '\\n'`;
  return (await exec(container, "sh", "-c", look)).stdout;
}

describe.each([
  ["its own disk", []],
  ["a volume", [{ Type: "volume" as const, Source: volume, Target: stateFolder }]],
])("a machine with %s", (_, mounts) => {
  it("has its files when it starts, the first time and later", async () => {
    const container = await machine(mounts);
    await deliver(container, "one");
    expect(await isOn(container)).toBe(false);
    await container.start();
    expect(await found(container)).toBe("one 644 600");

    await container.stop({ t: 0 });
    await deliver(container, "two");
    expect(await isOn(container)).toBe(false);
    await container.start();
    expect(await found(container)).toBe("two 644 600");
  });
});

describe("a machine that something else has started", () => {
  const started = async (apply: string) => {
    const container = await machine();
    await put(container, "/usr/bin", { "hotspare-apply.sh": apply });
    await container.start();
    await docker
      .getContainer(container.id)
      .exec({
        Cmd: ["install", "-m", "0755", "/usr/bin/hotspare-apply.sh", "/usr/bin/hotspare-apply"],
        User: "root",
      })
      .then((install) => install.start({ Detach: true }));
    await expect
      .poll(async () => (await exec(container, "test", "-x", "/usr/bin/hotspare-apply")).exitCode)
      .toBe(0);
    return container;
  };

  it("takes them at once", async () => {
    const container = await started(`#!/bin/sh\ncp ${incomingFolder}/app.env /tmp/taken\n`);
    await deliver(container, "now");
    expect((await exec(container, "cat", "/tmp/taken")).stdout).toBe("now");
  });

  it("may refuse them, and then the delivery fails with its words", async () => {
    const container = await started("#!/bin/sh\necho app.env: no such setting >&2; exit 2\n");
    await expect(deliver(container, "bad")).rejects.toThrow(
      /refused its new configuration .*exit 2\):\napp\.env: no such setting$/,
    );
  });
});
