import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import { expect, onTestFinished, test } from "vitest";
import { dockerClient, resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { homeFolder } from "../../infra/folders.mjs";
import { packagesFile, packagesOf } from "../../scripts/toolchain/images/packages.ts";
import { ensureImages } from "../../scripts/toolchain/images.ts";
import { Progress } from "../../scripts/toolchain/progress.ts";
import { temporaryFolder, write } from "../support/temporary.ts";

test("an image that is built has the list of its packages, as it is at the end of its build, and the digest in a label", async () => {
  const host = resolveDockerHost(process.env, homeFolder());
  const docker = dockerClient(host);
  const ref = `hotspare/of-a-test:${randomBytes(4).toString("hex")}`;
  const folder = temporaryFolder();
  write(
    join(folder, "Dockerfile"),
    // Debian's own package tool takes one away, so that the list differs from the base's.
    "ARG BASE\nFROM $BASE\nRUN dpkg --purge --force-all ca-certificates\n",
  );
  await ensureImages(new Progress({ write: () => true }), host, [
    { name: "of-a-test", ref, folder, needsNode: false },
  ]);
  onTestFinished(() => docker.getImage(ref).remove());

  const container = await docker.createContainer({ Image: ref, Cmd: ["none"] });
  onTestFinished(() => container.remove());
  let list = "";
  for await (const entry of (await container.getArchive({ path: packagesFile })).pipe(extract()))
    list += await text(entry);
  expect(list).toMatch(/^dpkg \d\S+$/m);
  expect(list).not.toContain("ca-certificates");
  expect(list).toBe(
    [...(await packagesOf(docker, ref))]
      .map(([name, version]) => `${name} ${version}\n`)
      .sort()
      .join(""),
  );
  const { Config } = await docker.getImage(ref).inspect();
  const digest = createHash("sha256").update(list).digest("hex");
  expect(Config.Labels).toMatchObject({
    "hotspare.image": "of-a-test",
    "hotspare.packages.digest": `sha256:${digest}`,
  });
  const names = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  expect(names.filter((name) => name.startsWith(ref))).toEqual([ref]);
});
