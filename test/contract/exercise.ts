import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, RenderedMachine } from "../../components/plan/types.ts";
import type { MachineMade, MachinePlatform, NetworkMade, Place } from "../../components/platform/contract.ts";
import { render } from "../../components/render/index.ts";
import { type Recording, type RecordOptions, record } from "../support/record.ts";

/** What the suite must know of an adapter to look at what it made. */
export interface Subject {
  readonly name: string;
  readonly make: () => MachinePlatform;
  /** Labels of a registered resource by name; null for one that can't bear any. */
  readonly labels: (inputs: Readonly<Record<string, unknown>>, type: string) => Record<string, string> | null;
  /** Whether a registered machine comes out switched on. */
  readonly running: (inputs: Readonly<Record<string, unknown>>) => boolean;
}

/** What an adapter returned for every thing of a plan. */
export interface Made {
  readonly network: NetworkMade;
  readonly nodes: ReadonlyMap<string, MachineMade>;
  readonly balancers: ReadonlyMap<string, MachineMade>;
  readonly deliveries: ReadonlyMap<string, pulumi.Resource>;
  /** Null where the platform has no door. */
  readonly door: MachineMade | null;
  /** Null and none where the platform has no wardens. */
  readonly filter: MachineMade | null;
  readonly wardens: ReadonlyMap<string, MachineMade>;
}

export interface ExerciseOptions extends RecordOptions {
  /** Changes the rendered files before they are delivered. */
  readonly files?: (files: RenderedMachine) => RenderedMachine;
  /** Stands for machines that were replaced. */
  readonly machineId?: string;
  /** Value of every named secret. */
  readonly secret?: string;
}

export const labels = { "hotspare.owner": "0123abcd", "hotspare.stack": "test", "hotspare.key": "it" };
export const secretValue = "a value that nobody may see";

/** Any planned machine may have files; these are those of a node. */
const filesOfNode: RenderedMachine["files"] = [
  { path: "app.env", mode: "0644", content: "LEVEL=info" },
  { path: "tls/app.key", mode: "0600", content: { secret: "app" } },
];

/** Asks an adapter for everything in a plan, one thing after the other, as the components do. */
export function exercise(
  platform: MachinePlatform,
  plan: ClusterPlan,
  options: ExerciseOptions = {},
): Promise<Recording<Made>> {
  return record(() => {
    const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
    const before = new pulumi.Stash("before", { input: 0 });
    const place: Place = {
      plan,
      labels,
      options: { parent, dependsOn: [before], protect: true },
      secret: () => pulumi.secret(options.secret ?? secretValue),
    };
    const network = platform.network("it-network", place);
    const inNetwork = { ...place, network };
    const files = new Map(render(plan).map((machine) => [machine.machine, machine]));
    const filesOf = (key: string) =>
      (options.files ?? ((same) => same))(files.get(key) ?? { machine: key, files: filesOfNode });
    const nodes = new Map(
      plan.nodes.map((node) => [node.key, platform.node(`it-${node.key}`, node, inNetwork)]),
    );
    const balancers = new Map(
      plan.balancers.map((balancer) => [
        balancer.key,
        platform.balancer(`it-${balancer.key}`, balancer, inNetwork),
      ]),
    );
    const deliveries = new Map(
      [...nodes, ...balancers].map(([key, made]) => {
        const rendered = filesOf(key);
        const machine =
          options.machineId === undefined ? made : { ...made, id: pulumi.output(options.machineId) };
        return [key, platform.deliver(`it-${key}-files`, machine, rendered, place)];
      }),
    );
    const door =
      platform.capabilities.door && plan.door !== null
        ? platform.door("it-door", plan.door, filesOf("door"), inNetwork)
        : null;
    const filter =
      plan.filter === null ? null : (platform.filter?.("it-filter", plan.filter, inNetwork) ?? null);
    const wardens = new Map(
      plan.wardens.flatMap((warden): [string, MachineMade][] => {
        const balancer = balancers.get(warden.balancer);
        if (platform.warden === undefined || filter === null || balancer === undefined) return [];
        const place = { ...inNetwork, balancer, filter, files: filesOf(warden.key) };
        return [[warden.key, platform.warden(`it-${warden.key}`, warden, place)]];
      }),
    );
    return { network, nodes, balancers, deliveries, door, filter, wardens };
  }, options);
}
