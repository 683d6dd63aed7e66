import { beforeAll, describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { all, recordCluster } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import type { Recorded } from "../support/record.ts";
import { small } from "../support/small.ts";
import { stacks } from "../support/stacks.ts";

/*
 * What every container that the kit can make on a Docker Engine may, and may not: of all stacks of the repository, and of one with
 * all that a stack can ask for. A new kind of container that forgets something fails here; what one needs beyond the others stands
 * below by role, with the reason.
 */

/** The virtual address, its announcement, and nginx's workers under their own account. */
const ofBalancers = ["CHOWN", "KILL", "NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETGID", "SETUID"];

/** Capabilities by role; whoever isn't here has none. */
const capabilities: Readonly<Record<string, readonly string[]>> = {
  balancer: ofBalancers,
  // In front of balancers.
  director: ofBalancers,
  // Ports below 1024, and nginx's workers.
  door: ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"],
  // The virtual address on a node's loopback card.
  network: ["NET_ADMIN"],
};

/** A director boots Linux in user mode where the host's kernel has no IPVS: that traces its own processes. */
const ofDirectors = ["SYS_PTRACE"];

/** Security options beside `no-new-privileges`. */
const ofDirector = ["seccomp=unconfined"];

/** Roots that may be written: of nodes and what stands beside them, since applications write to theirs, and of directors. */
const isWritable = ({ role, director }: { role: string; director: boolean }) =>
  director || ["active", "hot", "cold", "accessory", "worker", "singleton", "scheduled"].includes(role);

const rich = small({
  balancer: { kind: "nginx", count: 3, listen: { tls: {} } },
  pools: {
    web: { active: 2, standby: { hot: 1, cold: 1 }, readOnly: true },
    api: { active: 1, image: { kind: "reference", reference: "ghcr.io/acme/api:1" } },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api" },
  ],
});

const plans: readonly (readonly [string, ClusterPlan])[] = [
  ...Object.entries(stacks)
    .map(([name, stack]) => [name, planAny(stack as { pools: object })] as const)
    .filter(([, { platform }]) => platform.kind === "docker"),
  ["all that a stack can ask for", planAny(rich as { pools: object })],
];

const labelOf = ({ inputs }: Recorded, label: string) =>
  (inputs.labels as readonly { label: string; value: string }[]).find((entry) => entry.label === label)
    ?.value;

describe.each(plans)("containers of %s", (_, plan) => {
  let containers: readonly Recorded[];
  const bounds = new Map<string, number>();

  beforeAll(async () => {
    const recording = await recordCluster(plan, {
      limitProcesses: async (container, most) => void bounds.set(container, most),
    });
    containers = all(recording, "Container");
    for (const { hooks, name, type } of containers)
      for (const hook of hooks.afterCreate)
        await recording.hooks.get(hook)?.({ type, id: name, newInputs: {} } as never);
  });

  const each = <Value>(of: (container: Recorded, role: string) => Value) =>
    Object.fromEntries(
      containers.map((container) => [
        container.name,
        of(container, labelOf(container, "hotspare.role") ?? ""),
      ]),
    );
  const whole = <Value>(value: Value) => each(() => value);
  const isDirector = (role: string) =>
    role === "director" || (role === "balancer" && plan.tier.kind === "lvs");

  test("are there", () => {
    expect(containers.length).toBeGreaterThan(4);
  });

  test("have bounds of memory, swap, cores and logs", () => {
    const bounded = ({ inputs }: Recorded) =>
      Number(inputs.memory) > 0 &&
      Number(inputs.memorySwap) === 2 * Number(inputs.memory) &&
      Number(inputs.cpus) > 0 &&
      (inputs.logOpts as Record<string, string>)["max-size"] === "10m";
    expect(each(bounded)).toEqual(whole(true));
  });

  test("have a bound of processes, that is set as each is made", () => {
    expect(each(({ name }) => (bounds.get(name) ?? 0) > 0)).toEqual(whole(true));
    expect(Math.max(...bounds.values())).toBeLessThanOrEqual(2048);
  });

  test("gain no rights, and have the capabilities of their role alone", () => {
    const rights = ({ inputs }: Recorded) => {
      const { drops, adds = [] } = inputs.capabilities as { drops: string[]; adds?: string[] };
      return {
        drops,
        adds: adds.map((name) => name.replace("CAP_", "")).sort(),
        options: inputs.securityOpts,
      };
    };
    expect(each(rights)).toEqual(
      each((_container, role) => ({
        drops: ["ALL"],
        adds: [...(capabilities[role] ?? []), ...(isDirector(role) ? ofDirectors : [])].sort(),
        options: ["no-new-privileges", ...(isDirector(role) ? ofDirector : [])],
      })),
    );
  });

  test("have no more of the host than a network of the cluster: no device, no folder but volumes, no name space", () => {
    const reach = ({ inputs }: Recorded) => ({
      privileged: inputs.privileged ?? false,
      devices: inputs.devices ?? [],
      spaces: [inputs.ipcMode, inputs.pidMode, inputs.usernsMode].filter((space) => space !== undefined),
      folders: ((inputs.volumes ?? []) as { hostPath?: string }[]).flatMap(({ hostPath = [] }) => hostPath),
      network: /^(none|container:.+)?$/.test(String(inputs.networkMode ?? "")),
    });
    expect(each(reach)).toEqual(
      each((_container, role) => ({
        privileged: false,
        devices: [],
        spaces: [],
        // The one that wardens ask in place of the engine.
        folders: role === "filter" ? ["/var/run/docker.sock"] : [],
        network: true,
      })),
    );
  });

  test("can write to memory and to volumes alone, where they are the kit's own or the stack wants it", () => {
    const roots = ({ inputs }: Recorded) => ({ readOnly: inputs.readOnly === true, uploads: inputs.uploads });
    const readOnly = new Set(plan.nodes.filter((node) => node.readOnly).map(({ key }) => key));
    expect(each(roots)).toEqual(
      each((container, role) => ({
        readOnly:
          readOnly.has(labelOf(container, "hotspare.key") ?? "") ||
          !isWritable({ role, director: isDirector(role) }),
      })),
    );
  });
});
