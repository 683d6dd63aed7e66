import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, RenderedMachine } from "../../components/plan/types.ts";
import type {
  GroupPlatform,
  MachinePlatform,
  Place,
  Platform,
  ProvisionedGroup,
  ProvisionedMachine,
  ProvisionedMonitor,
  ProvisionedNetwork,
  ProvisionedTier,
} from "../../components/platform/contract.ts";
import { render } from "../../components/render/index.ts";
import { type Recording, type RecordOptions, record } from "../support/record.ts";

/* Asks an adapter for everything in a plan, one thing after the other, as the components do. */

/** What every adapter returned, whichever machines its plan lists. */
interface Provisioned {
  readonly network: ProvisionedNetwork;
  /** Machines or groups by key: what has an id and is waited for. */
  readonly units: ReadonlyMap<string, ProvisionedMachine | ProvisionedGroup>;
  /** Every raw child that can be reached. */
  readonly children: readonly pulumi.Resource[];
}

/** What an adapter of single machines returned. */
export interface ProvisionedMachines extends Provisioned {
  readonly units: ReadonlyMap<string, ProvisionedMachine>;
  readonly nodes: ReadonlyMap<string, ProvisionedMachine>;
  readonly balancers: ReadonlyMap<string, ProvisionedMachine>;
  readonly deliveries: ReadonlyMap<string, pulumi.Resource>;
  /** Null where the platform has no door. */
  readonly door: ProvisionedMachine | null;
  /** Null and none where the platform has no wardens. */
  readonly filter: ProvisionedMachine | null;
  readonly wardens: ReadonlyMap<string, ProvisionedMachine>;
}

/** What an adapter of groups returned. */
export interface ProvisionedGroups extends Provisioned {
  readonly tier: ProvisionedTier;
  readonly groups: ReadonlyMap<string, ProvisionedGroup>;
  readonly monitor: ProvisionedMonitor;
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

export function exercise(
  platform: Platform,
  plan: ClusterPlan,
  options: ExerciseOptions = {},
): Promise<Recording<Provisioned>> {
  return platform.machines === "planned"
    ? exerciseMachines(platform, plan, options)
    : exerciseGroups(platform, plan, options);
}

/** Where all is made: with a parent, a dependency and an option, so that the suite sees who leaves them out. */
function placeOf(plan: ClusterPlan, { secret = secretValue }: ExerciseOptions): Place {
  const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
  const before = new pulumi.Stash("before", { input: 0 });
  return {
    plan,
    labels,
    options: { parent, dependsOn: [before], protect: true },
    secret: () => pulumi.secret(secret),
  };
}

export function exerciseMachines(
  platform: MachinePlatform,
  plan: ClusterPlan,
  options: ExerciseOptions = {},
): Promise<Recording<ProvisionedMachines>> {
  return record(() => {
    const place = placeOf(plan, options);
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
        const machine =
          options.machineId === undefined ? made : { ...made, id: pulumi.output(options.machineId) };
        return [key, platform.deliver(`it-${key}-files`, machine, filesOf(key), place)];
      }),
    );
    const door =
      platform.traits.door && plan.door !== null
        ? platform.door("it-door", plan.door, filesOf("door"), inNetwork)
        : null;
    const filter =
      plan.filter === null ? null : (platform.filter?.("it-filter", plan.filter, inNetwork) ?? null);
    const wardens = new Map(
      plan.wardens.flatMap((warden): [string, ProvisionedMachine][] => {
        const balancer = balancers.get(warden.balancer);
        if (platform.warden === undefined || balancer === undefined) return [];
        const place = { ...inNetwork, balancer, filter, files: filesOf(warden.key) };
        return [[warden.key, platform.warden(`it-${warden.key}`, warden, place)]];
      }),
    );
    const single = Object.entries({ filter, door }).filter(
      (entry): entry is [string, ProvisionedMachine] => entry[1] !== null,
    );
    const units = new Map([...nodes, ...balancers, ...wardens, ...single]);
    const children = [...childrenOf(network, ...units.values()), ...deliveries.values()];
    return { network, nodes, balancers, deliveries, door, filter, wardens, units, children };
  }, options);
}

export function exerciseGroups(
  platform: GroupPlatform,
  plan: ClusterPlan,
  options: ExerciseOptions = {},
): Promise<Recording<ProvisionedGroups>> {
  return record(() => {
    const place = placeOf(plan, options);
    const network = platform.network("it-network", place);
    const [balancers, ...nodes] = plan.groups;
    if (balancers === undefined) throw new Error("the plan lists no groups");
    const tier = platform.tier(`it-${balancers.key}`, balancers, { ...place, network });
    const groups = new Map(
      nodes.map((group) => [
        group.key,
        platform.group(`it-${group.key}`, group, { ...place, network, tier }),
      ]),
    );
    const monitor = platform.monitor("it-monitor", { ...place, network, tier, groups });
    const units = new Map<string, ProvisionedGroup>([[balancers.key, tier], ...groups]);
    const children = childrenOf(network, tier, ...groups.values(), monitor);
    return { network, tier, groups, monitor, units, children };
  }, options);
}

function childrenOf(
  ...parts: readonly { readonly resources: Readonly<Record<string, pulumi.Resource>> }[]
): pulumi.Resource[] {
  return parts.flatMap(({ resources }) => Object.values(resources));
}
