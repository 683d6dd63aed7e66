import { fingerprint } from "../../../model/hash.ts";
import { own } from "../../../model/own.ts";
import { chosenZones, instanceType } from "../../../model/platforms/aws/instances.ts";
import { balancerHealthPort } from "../../../model/platforms/aws/layout.ts";
import { replacedAtOnce } from "../../../model/platforms/aws/refresh.ts";
import { isSecret } from "../../../model/secret.ts";
import type {
  AwsSpec,
  BalancerSpec,
  ClusterSpec,
  HealthSpec,
  PoolSpec,
  SecretReference,
} from "../../../model/spec.ts";
import { environmentOf } from "../../container.ts";
import type { GroupPlan, InstancePlan, ServicePlan } from "../../groups/types.ts";
import { machineName } from "../../machine.ts";
import { planRollout } from "../../rollout.ts";
import { tierSecrets } from "../../tiers/select.ts";
import type { GroupPrograms, PlanContext } from "../../types.ts";
import { planPace, planSpot, whatIsSaid } from "./group-options.ts";
import { credentialsEnvironment, planRegistry } from "./rights.ts";
import { frontForgets, hearWithin, metalBoot } from "./timers.ts";

type PoolOptions = AwsSpec["pools"][string];

/** Version of what the adapter makes a group's machines of; raise it with a change that has to replace them. */
const groupShape = 1;

/** A group without what follows from all of it. */
type Drafted = Omit<GroupPlan, "name" | "fingerprint" | "programs" | "refresh">;

/** All groups: the balancers', then pool by pool in the stack's order the active nodes' and the hot standbys'. */
export function planGroups(spec: ClusterSpec, platform: AwsSpec, context: PlanContext): GroupPlan[] {
  const finish = (group: Drafted): GroupPlan => {
    const programs = context.programs?.[programsOf(group)] ?? "";
    return {
      ...group,
      programs,
      refresh: planRefresh(spec, platform, group),
      name: machineName(spec.id, context.owner, group.key),
      fingerprint: fingerprintOf({ ...group, programs }, secretsOf(spec, group), context),
    };
  };
  const pools = Object.entries(spec.pools).flatMap(([name, pool]) =>
    poolGroups({ spec, platform, name, pool, context }).map(finish),
  );
  return [finish(balancerGroup(platform, spec.balancer)), ...pools];
}

function balancerGroup(platform: AwsSpec, { count }: BalancerSpec): Drafted {
  return {
    key: "lb",
    role: "balancer",
    pool: null,
    count: { min: count, desired: count, max: count },
    targets: [],
    waiting: null,
    machine: planMachine(platform.balancerType ?? platform.instanceType, []),
    zones: chosenZones(platform),
    placement: "none",
    spot: null,
    service: { kind: "balancer", health: { port: balancerHealthPort, path: "/healthz" } },
  };
}

interface PoolOf {
  readonly spec: ClusterSpec;
  readonly platform: AwsSpec;
  readonly name: string;
  readonly pool: PoolSpec;
  readonly context: PlanContext;
}

function poolGroups({ spec, platform, name, pool, context }: PoolOf): Drafted[] {
  const options = own(platform.pools, name);
  const placement = options?.placement ?? "none";
  const zones = chosenZones(platform);
  const shared = {
    pool: name,
    machine: planMachine(options?.instanceType ?? platform.instanceType, options?.spot?.types ?? []),
    // Machines that stand close together are in one zone: a cluster placement group can't span several.
    zones: placement === "cluster" ? zones.slice(0, 1) : zones,
    placement,
    ...whatIsSaid(options),
    service: planService(spec, name, pool, options, context),
  };
  const { hot } = pool.standby;
  const active = {
    ...shared,
    key: name,
    role: "active" as const,
    count: activeCount(pool, options),
    targets: options?.scaling?.targets ?? [],
    waiting: planWaiting(pool, options),
    spot: planSpot(options),
    ...planPace(options),
  };
  if (hot === 0) return [active];
  const standby = {
    ...shared,
    // A standby that AWS may take back at any moment is none.
    machine: { ...shared.machine, others: [] },
    key: `${name}-hot`,
    role: "hot" as const,
    count: { min: hot, desired: hot, max: hot },
    targets: [],
    waiting: null,
    spot: null,
  };
  return [active, standby];
}

function activeCount(pool: PoolSpec, options: PoolOptions | undefined): GroupPlan["count"] {
  const scaling = options?.scaling ?? null;
  return {
    min: scaling?.min ?? pool.active,
    desired: pool.active,
    max: scaling?.max ?? pool.active,
  };
}

function planWaiting(pool: PoolSpec, options: PoolOptions | undefined): GroupPlan["waiting"] {
  if (pool.standby.cold > 0) return { state: "stopped", count: pool.standby.cold };
  return options?.warm ?? null;
}

/** @throws Error for a type that no stack can have that passed the rules. */
function planMachine(name: string, others: readonly string[]): InstancePlan {
  const type = instanceType(name);
  if (type === null) throw new Error(`the instance type ${name} passed the rules but is in no table`);
  return {
    type: name,
    architecture: type.architecture,
    vcpus: type.vcpus,
    memory: type.memory * 1024 ** 3,
    metal: type.metal,
    burstable: type.burstable,
    others,
  };
}

function planService(
  spec: ClusterSpec,
  name: string,
  pool: PoolSpec,
  options: PoolOptions | undefined,
  context: PlanContext,
): ServicePlan {
  const registry = planRegistry(pool, options);
  return {
    kind: "node",
    image: pool.image,
    port: pool.port,
    health: pool.health,
    ...(pool.tls === null ? {} : { tls: pool.tls }),
    // Without a machine's own name, which only the machine knows: it sets HOTSPARE_NODE itself.
    environment: {
      HOTSPARE_CLUSTER: spec.id,
      HOTSPARE_POOL: name,
      PORT: String(pool.port),
      ...credentialsEnvironment(spec, options),
      ...environmentOf(pool, context),
    },
    stopGrace: pool.stopGrace,
    ...(registry === null ? {} : { registry }),
    ...(pool.readOnly ? { readOnly: true } : {}),
  };
}

/** Beside `rollout.patience`, which is for the service alone: a machine boots and gets its packages first, in milliseconds. */
const bootAllowance = 300_000;

function planRefresh(
  spec: ClusterSpec,
  { refresh }: AwsSpec,
  { count, machine, role }: Drafted,
): GroupPlan["refresh"] {
  const { patience, drain } = planRollout(spec);
  const boot = bootAllowance + (machine.metal ? metalBoot.high : 0);
  const atOnce = replacedAtOnce(count.desired, refresh.healthyPercent);
  const leave = role === "balancer" ? frontForgets : hearWithin;
  return { ...refresh, atOnce, patience: boot + patience, leave, drain };
}

/** Which programs the machines of a group run. */
export function programsOf({ service }: Pick<GroupPlan, "service">): GroupPrograms {
  if (service.kind === "balancer") return "balancer";
  return service.image.kind === "sample" ? "sample" : "node";
}

/** Secrets that the machines of a group are made with. */
function secretsOf(spec: ClusterSpec, { service }: Pick<GroupPlan, "service">): readonly SecretReference[] {
  return service.kind === "node" ? Object.values(service.environment).filter(isSecret) : tierSecrets(spec);
}

/** What a machine asks itself: the path alone, where nothing else is said. */
function questionOf({ path, protocol, service, host, headers }: HealthSpec): unknown {
  const more = {
    ...(protocol === "http" ? {} : { protocol, service }),
    ...(host === null ? {} : { host }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
  return Object.keys(more).length === 0 ? path : { path, ...more };
}

/** Of what a machine is made of; numbers of machines and the pace of a change are no reason to replace any. */
function fingerprintOf(
  {
    machine,
    placement,
    service,
    spot,
    waiting,
    programs,
    disk,
    securityGroups,
  }: Drafted & Pick<GroupPlan, "programs">,
  references: readonly SecretReference[],
  context: PlanContext,
): string {
  const secrets = references.map(({ secret }) => context.secrets?.[secret] ?? "");
  const { others: _, ...own } = machine;
  // Only machines that are made for it can hibernate.
  const hibernates = waiting?.state === "hibernated";
  // The pace of the checks is their askers' affair.
  const asked = service.kind === "node" ? { ...service, health: questionOf(service.health) } : service;
  return fingerprint(
    JSON.stringify({
      own,
      placement,
      service: asked,
      spot,
      hibernates,
      programs,
      secrets,
      groupShape,
      // Left out where nobody says it, as before they were options.
      disk,
      securityGroups,
    }),
  );
}
