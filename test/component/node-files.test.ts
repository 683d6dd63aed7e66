import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { ClusterContext } from "../../components/context.ts";
import { NodePool } from "../../components/node-pool.ts";
import type { RenderedMachine } from "../../components/plan/types.ts";
import { dockerPlatform } from "../../components/platform/docker/index.ts";
import type { FileDelivery } from "../../components/platform/planned/delivery.ts";
import { StandbyPool } from "../../components/standby-pool.ts";
import { find, known, short } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import { record } from "../support/record.ts";
import { small } from "../support/small.ts";

/* Nodes whose files are rendered have them delivered, as balancers have; those without files have no resource more. */

const plan = planAny(
  small({
    network: { subnet: "10.77.2.0/23" },
    pools: { web: { active: 2, standby: { hot: 1, cold: 1 } } },
  }) as never,
);

const fileOf = (machine: string): RenderedMachine => ({
  machine,
  files: [{ path: "app.env", mode: "0644", content: `NAME=${machine}` }],
});

async function pools(machines: readonly string[]) {
  const delivered: FileDelivery[] = [];
  const docker = dockerPlatform({ deliverFiles: async (delivery) => void delivered.push(delivery) });
  // As on servers, which are what has nodes with files.
  const platform = { ...docker, traits: { ...docker.traits, successors: "in-place" } as const };
  const recording = await record(() => {
    const place = { plan, options: {}, labels: {}, secret: () => pulumi.secret("") };
    const network = platform.network("it-network", place);
    const context: ClusterContext = {
      plan,
      platform,
      stack: "test",
      machinePlace: (_, options) => ({ ...place, network, options }),
      before: [],
      isNew: false,
      files: new Map(machines.map((machine) => [machine, fileOf(machine)])),
    };
    return [
      new NodePool("it-web", { context, pool: "web" }),
      new StandbyPool("it-web-standby", { context, pool: "web" }),
    ] as const;
  });
  for (const { name, inputs } of recording.resources.filter(({ type }) => type.endsWith(":Stash")))
    await recording.hooks.get(`${name}-deliver`)?.({ newInputs: inputs } as never);
  const ready = (index: 0 | 1) =>
    Promise.all(recording.result[index].ready.map(({ urn }) => known(urn))).then(short);
  return { recording, delivered, active: await ready(0), standby: await ready(1) };
}

describe("files of nodes", () => {
  test("are delivered to each that has some, and balancers hear of it only then", async () => {
    const { delivered, active } = await pools(["web-1", "web-2"]);
    expect(delivered.map(({ machine, files }) => [machine, files])).toEqual([
      ["container-it-web-1", fileOf("web-1").files],
      ["container-it-web-2", fileOf("web-2").files],
    ]);
    expect(active).toEqual(["Stash it-web-1-files", "Stash it-web-2-files"]);
  });

  test("of the first are there before the second is made or replaced", async () => {
    const { recording } = await pools(["web-1"]);
    expect(short(find(recording, "Stash", "it-web-1-files").dependsOn)).toEqual(["Container it-web-1"]);
    expect(short(find(recording, "Container", "it-web-2").dependsOn)).toContain("Stash it-web-1-files");
  });

  test("of a cold standby may wait for its start, those of others may not", async () => {
    const { delivered, standby } = await pools(["web-hot-1", "web-cold-1"]);
    expect(delivered.map(({ machine, mayBeOff }) => [machine, mayBeOff])).toEqual([
      ["container-it-web-standby-hot-1", false],
      ["container-it-web-standby-cold-1", true],
    ]);
    expect(standby).toEqual(["Stash it-web-standby-hot-1-files", "Stash it-web-standby-cold-1-files"]);
  });

  test("that nobody rendered are no resource", async () => {
    const { recording, active, standby } = await pools([]);
    expect(recording.resources.filter(({ type }) => type.endsWith(":Stash"))).toEqual([]);
    expect(active).toEqual(["Container it-web-1", "Container it-web-2"]);
    expect(standby).toEqual(["Container it-web-standby-hot-1", "Container it-web-standby-cold-1"]);
  });
});
