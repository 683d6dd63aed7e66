import type Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderMachine } from "../../components/render/aws/group.ts";
import { bootstrap } from "../../infra/grounds/aws/bootstrap.ts";
import { cloudMachineImage } from "../support/aws/cloud/image.ts";
import { exec, put, start } from "../support/containers.ts";
import { planAny } from "../support/plan-any.ts";
import { stacks } from "../support/stacks.ts";

/* What machines on AWS start from, by those who read it: cloud-init and systemd of Debian 13. */

let container: Docker.Container;
beforeAll(async () => {
  const options = {
    Image: await cloudMachineImage(),
    Cmd: ["sleep", "300"],
    HostConfig: { AutoRemove: true },
  };
  container = await start("cloud-init-parsers", options);
});
afterAll(() => container?.remove({ force: true }));

const groups = ["aws-staging", "aws-production"].flatMap((name) => {
  const plan = planAny(stacks[name] as { readonly pools: object });
  return plan.groups.map((group) => ({ name: `${name} ${group.key}`, plan, group }));
});

const check = (file: string) => exec(container, "cloud-init", "schema", "--config-file", file);

test.each(groups)("cloud-init takes the user data of $name", async ({ plan, group }) => {
  const place = { bucket: "bundles", key: `${group.key}/x.tar.gz`, sha256: "0".repeat(64) };
  await put(container, "/", { "user-data": bootstrap.userData(plan, group, place) });
  const { exitCode, stdout, stderr } = await check("/user-data");
  expect({ exitCode, said: `${stdout}${stderr}` }).toMatchObject({ exitCode: 0 });
});

test("and refuses what is no user data", async () => {
  await put(container, "/", { broken: "#cloud-config\nwrite_files: yes\n" });
  expect((await check("/broken")).exitCode).not.toBe(0);
});

/** What systemd finds in the units of some files; programs that come with packages and bundles aren't there, and no matter. */
async function systemdSays(files: Readonly<Record<string, string>>): Promise<string[]> {
  const units = Object.entries(files).filter(([path]) => path.startsWith("/etc/systemd/system/"));
  await put(container, "/", Object.fromEntries(units.map(([path, text]) => [path.slice(1), text])));
  const { stdout, stderr } = await exec(
    container,
    "systemd-analyze",
    "verify",
    "--man=no",
    ...units.map(([path]) => path),
  );
  return `${stdout}${stderr}`
    .split("\n")
    .filter((line) => line.includes("/etc/systemd/system/hotspare-") && !line.includes("is not executable"));
}

test.each(groups)("systemd takes the units of $name", async ({ plan, group }) => {
  expect(await systemdSays(renderMachine(plan, group).files)).toEqual([]);
});

/** How exposed a unit is by systemd's own measure: 0 to 10, less is better; an ordinary service of Debian's has about 9. */
async function exposure(unit: string, files: Readonly<Record<string, string>>): Promise<number> {
  const path = `/etc/systemd/system/${unit}`;
  await put(container, "/", { [path.slice(1)]: files[path] ?? "" });
  const asked = ["systemd-analyze", "security", "--offline=yes", "--no-pager", path];
  const { stdout, stderr } = await exec(container, ...asked);
  const [, level] = /exposure level for \S+: ([0-9.]+)/.exec(stdout) ?? [];
  if (level === undefined) throw new Error(`${unit}: ${stdout}${stderr}`);
  return Number(level);
}

test.each([
  ["lb", "hotspare-nginx.service", 5],
  ["lb", "hotspare-follower.service", 2.5],
  ["web", "hotspare-node.service", 2.5],
])("what runs in the group %s as %s can do little else", async (key, unit, most) => {
  const own = groups.find(({ group, name }) => group.key === key && name.startsWith("aws-staging"));
  if (own === undefined) throw new Error(`there is no group ${key}`);
  expect(await exposure(unit, renderMachine(own.plan, own.group).files)).toBeLessThan(most);
});

test("and names what it doesn't know", async () => {
  const broken = "[Service]\nExecStart=/bin/true\nRestart=sometimes\nWhatever=1\n";
  const said = await systemdSays({ "/etc/systemd/system/hotspare-broken.service": broken });
  expect(said.join("\n")).toMatch(/sometimes[\s\S]*Whatever/);
});
