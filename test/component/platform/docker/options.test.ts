import { expect, test } from "vitest";
import { dockerPlatform } from "../../../../components/platform/docker/index.ts";
import { all, find, recordCluster, secretValue } from "../../../support/clusters.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

/** What Docker is asked for, for the one node of a pool that says this. */
async function nodeOf(fields: object): Promise<Readonly<Record<string, unknown>>> {
  const plan = planAny({ ...small(), pools: { web: { active: 1, ...fields } } });
  const node = all(await recordCluster(plan), "Container").find(
    ({ inputs }) => inputs.name === plan.nodes[0]?.name,
  );
  if (node === undefined) throw new Error("there is no node");
  return node.inputs;
}

test("a node gets what its pool says, in the provider's own form", async () => {
  const inputs = await nodeOf({
    memory: "256 MB",
    command: ["serve", "--port", "8080", "it's $HOME"],
    user: "33:33",
    tmpfs: { "/var/cache/app": "64 MB", "/run/app": "512 KB" },
    capabilities: ["SETUID", "CHOWN"],
    shm: "32 MB",
    ulimits: { nofile: 65_536, core: { soft: 0, hard: -1 } },
  });
  expect(inputs).toMatchObject({
    command: ["serve", "--port", "8080", "it's $HOME"],
    user: "33:33",
    tmpfs: {
      "/var/cache/app": "size=65536k,mode=1777,nosuid,nodev",
      "/run/app": "size=512k,mode=1777,nosuid,nodev",
    },
    capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_SETUID"] },
    shmSize: 32,
    ulimits: [
      { name: "core", soft: 0, hard: -1 },
      { name: "nofile", soft: 65_536, hard: 65_536 },
    ],
  });
});

test("a node whose pool says nothing gets nothing, and no capability", async () => {
  const inputs = await nodeOf({});
  expect(inputs.capabilities).toEqual({ drops: ["ALL"] });
  for (const field of ["command", "user", "tmpfs", "shmSize", "ulimits"])
    expect(inputs[field], field).toBeUndefined();
});

test("files are mounted one by one out of a volume of their content; volumes go by names without a generation", async () => {
  const inputs = await nodeOf({
    files: {
      "/etc/b.key": { content: { secret: "key" }, owner: "33:34", mode: "0400" },
      "/etc/a.ini": { content: { text: "a = 1" }, owner: "7" },
    },
    volumes: { data: { path: "/srv/data" }, media: { path: "/srv/media", shared: true } },
  });
  expect(inputs.volumes).toMatchObject([
    { volumeName: "demo-0123-web-1-data", containerPath: "/srv/data" },
    { volumeName: "demo-0123-web-all-media", containerPath: "/srv/media" },
    { containerPath: "/etc/a.ini", readOnly: true },
    { containerPath: "/etc/b.key", readOnly: true },
  ]);
  expect(JSON.stringify(inputs)).not.toContain(secretValue("key"));
});

test("what is written into the volume has the owners and modes of the stack, and the values of secrets", async () => {
  const filled: unknown[] = [];
  const stack = {
    ...small(),
    pools: {
      web: {
        active: 1,
        files: {
          "/etc/b.key": { content: { secret: "key" }, owner: "33:34", mode: "0400" },
          "/etc/a.ini": { content: { text: "a = 1" }, owner: "7" },
        },
      },
    },
  };
  const plan = planAny(stack);
  const platform = dockerPlatform({
    deliverFiles: async () => undefined,
    fillVolume: async (volume, image, files) => {
      const shown = files.map(({ content, ...file }) => ({ ...file, content: content.toString() }));
      filled.push({ volume, image, files: shown });
    },
  });
  const recording = await recordCluster(plan, { platform });
  const container = find(recording, "Container", "it-web-1");
  for (const hook of container.hooks.beforeCreate) await recording.hooks.get(hook)?.({} as never);
  expect(filled).toEqual([
    {
      volume: expect.stringMatching(/^demo-0123-web-1-files-[0-9a-f]{8}$/),
      image: "hotspare/balancer:test",
      files: [
        { name: "0", uid: 7, gid: 7, mode: 0o644, content: "a = 1" },
        { name: "1", uid: 33, gid: 34, mode: 0o400, content: secretValue("key") },
      ],
    },
  ]);
});
