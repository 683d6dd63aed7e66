import fc from "fast-check";
import { expect, test } from "vitest";
import type { GroupPlan, RenderedMachine } from "../../components/plan/types.ts";
import { renderMachine } from "../../components/render/aws/group.ts";
import { render } from "../../components/render/index.ts";
import { currentFolder } from "../../components/render/paths.ts";
import { awsPlan } from "../support/aws/stacks.ts";
import { checkWithRealParsers } from "../support/parsers.ts";
import { developmentStack, givenCertificateStack, planOf, stagingStack } from "../support/plans.ts";
import { randomLvsStack } from "../support/random-lvs-stacks.ts";
import { randomStack } from "../support/random-stacks.ts";

/** How many random stacks; HOTSPARE_RUNS=10000 and HOTSPARE_LVS_RUNS=10000 for the whole wall. */
const runs = Number(process.env.HOTSPARE_RUNS ?? 2000);
const lvsRuns = Number(process.env.HOTSPARE_LVS_RUNS ?? 50);

function machinesOf(name: string, stack: unknown) {
  return render(planOf(stack)).map(({ machine, files }) => ({ name: `${name}/${machine}`, files }));
}

test("the real parsers take the files of the known stacks", async () => {
  const machines = [developmentStack, stagingStack, givenCertificateStack].flatMap((stack) =>
    machinesOf(stack.name, stack),
  );
  expect(await checkWithRealParsers(machines)).toEqual([]);
});

test.each(["given", "self-signed", "acm"] as const)(
  "nginx takes the file of a balancer on AWS, certificate %s",
  async (kind) => {
    const certificate = {
      given: { kind, certificate: { secret: "crt" }, key: { secret: "key" } },
      "self-signed": { kind, names: ["shop.example.test"] },
      acm: { kind, arn: "arn:aws:acm:eu-central-1:123456789012:certificate/a" },
    }[kind];
    const plan = awsPlan({}, { balancer: { kind: "nginx", listen: { tls: { certificate } } } });
    const lb = plan.groups.find(({ key }) => key === "lb") as GroupPlan;
    const content = renderMachine(plan, lb).files[`${currentFolder}/nginx.conf`] ?? "";
    // Where it stands on the machine the certificate is beside it, in memory or made there.
    const name = kind === "given" ? "server" : "self-signed";
    const beside = ["crt", "key"].map((end) => ({
      path: `tls/${name}.${end}`,
      mode: "0600" as const,
      content: { secret: end },
    }));
    const files = [{ path: "nginx.conf", mode: "0644" as const, content }, ...(kind === "acm" ? [] : beside)];
    expect(await checkWithRealParsers([{ name: kind, files }])).toEqual([]);
  },
);

test(`the real parsers take the files of ${runs} random stacks`, async () => {
  const stacks = fc.sample(randomStack, { numRuns: runs, seed: 20_261 });
  const machines = stacks.flatMap((stack) => machinesOf(JSON.stringify(stack), stack));
  expect((await checkWithRealParsers(machines)).slice(0, 5)).toEqual([]);
});

test(`keepalived and the members check take the files of ${lvsRuns} random stacks behind directors, in silence`, async () => {
  const stacks = fc.sample(randomLvsStack, { numRuns: lvsRuns, seed: 20_262 });
  const machines = stacks.flatMap((stack) => machinesOf(JSON.stringify(stack), stack));
  expect((await checkWithRealParsers(machines)).slice(0, 5)).toEqual([]);
});

test("what is broken on purpose is found, in each kind of file", async () => {
  const [machine] = render(planOf(developmentStack));
  const door = render(planOf(developmentStack)).at(-1);
  const broken = (from: RenderedMachine | undefined, path: string, text: string) => ({
    name: path,
    files: (from?.files ?? []).map((file) => (file.path === path ? { ...file, content: text } : file)),
  });
  const failures = await checkWithRealParsers([
    broken(machine, "nginx.conf", "events {} http { server { listen 80; proxy_pass; } }\n"),
    broken(machine, "keepalived.conf", "vrrp_instance a { statte BACKUP }\n"),
    broken(machine, "members.json", '{"schema":1,"revision":"0","pools":{"web":{}}}\n'),
    broken(door, "entry.conf", "events {\n"),
  ]);
  expect(failures.map(({ name }) => name)).toEqual([
    "nginx.conf",
    "keepalived.conf",
    "members.json",
    "entry.conf",
  ]);
});
