import { beforeEach, expect, test } from "vitest";
import type { DeliveryTransport } from "../../../../components/platform/planned/transport.ts";
import { applyProgram, incomingFolder } from "../../../../components/render/paths.ts";
import { deliveredMachines, redeliver } from "../../../../scripts/engine/redeliver.ts";
import type { StateResource } from "../../../../scripts/engine/state.ts";
import { plannedFiles, strayedBalancers } from "../../../../scripts/status/delivered.ts";
import { Progress } from "../../../../scripts/toolchain/progress.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const resources: StateResource[] = [];

const plan = planAny(small({ network: { subnet: "10.77.2.0/23" }, pools: { web: { active: 2 } } }) as never);
const planned = plannedFiles(plan);

/** What the state says of a delivery to a machine. */
const delivery = (machine: string, files: ReadonlyMap<string, string> = new Map()): StateResource => ({
  urn: `urn:${machine}`,
  type: "pulumi:index:Stash",
  inputs: { input: { machine, files: Object.fromEntries(files) } },
});

/** Balancers that have other files than planned; `off` can't be reached. */
function transport(off: readonly string[]) {
  const done: string[] = [];
  const fake = {
    exec: async (machine: string, command: readonly string[]) => {
      if (off.includes(machine)) throw new Error(`${machine} can't be reached`);
      if (command[0] === applyProgram) done.push(`${machine} ${applyProgram}`);
      return { exitCode: 0, stdout: "-- members\n{}\n", stderr: "" };
    },
    put: async (machine: string, files: readonly { path: string }[], folder: string) =>
      void done.push(`${machine} ${folder} ${files.map(({ path }) => path).join()}`),
  };
  return { done, transport: fake as unknown as DeliveryTransport };
}

beforeEach(() => void resources.splice(0));

test("machines whose ids end in their keys are found in the state", () => {
  const docker = { ...delivery("x"), inputs: { input: { container: "abc", files: {} } } };
  const others = [docker, { urn: "u", type: "pulumi:index:Stash" }, { ...delivery("s/lb-9"), type: "other" }];
  expect([...deliveredMachines([...others, delivery("serial-1/lb-1"), delivery("serial-2/lb-2")])]).toEqual([
    ["lb-1", "serial-1/lb-1"],
    ["lb-2", "serial-2/lb-2"],
  ]);
});

test("a balancer with other files gets the planned ones again where the state says that it has them; one that is off is left out", async () => {
  resources.push(
    delivery("a/lb-1", planned.get("lb-1")),
    // By the state this one has something else: the engine delivers it.
    delivery("b/lb-2", new Map([["nginx.conf", "older"]])),
  );
  const machines = deliveredMachines(resources);
  const { done, transport: reached } = transport([]);
  const progress = new Progress();
  await redeliver({ plan, transport: reached, machines, resources, progress });
  expect(done).toEqual([
    `a/lb-1 ${incomingFolder} ${[...(planned.get("lb-1") ?? new Map()).keys()].join()}`,
    `a/lb-1 ${applyProgram}`,
  ]);
  const { done: none, transport: away } = transport(["a/lb-1"]);
  await redeliver({ plan, transport: away, machines, resources, progress });
  expect(none).toEqual([]);
});

test("status has the differences of those that answer, and none of others", async () => {
  const machines = new Map([
    ["lb-1", "a/lb-1"],
    ["lb-2", "b/lb-2"],
  ]);
  const strayed = await strayedBalancers(transport(["b/lb-2"]).transport, plan, machines);
  expect(strayed.get("lb-1")).toContain("nginx.conf is not the planned one");
  expect(strayed.get("lb-2")).toEqual([]);
  expect((await strayedBalancers(transport([]).transport, plan, new Map())).get("lb-1")).toEqual([]);
});
