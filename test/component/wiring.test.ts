import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../components/plan/types.ts";
import { fileInEnvironment } from "../../components/platform/docker/container.ts";
import { all, find, known, recordCluster, short } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import { type Recording, Secret, unknown } from "../support/record.ts";
import { small, withBalancer } from "../support/small.ts";

const planOf = (stack: unknown) => planAny(stack as { pools: object });
const network = { subnet: "10.77.2.0/23" };
const web = (fields: object) => small({ network, pools: { web: { active: 2, ...fields } } });
const plan = planOf(
  small({
    network,
    balancer: { kind: "nginx", listen: { tls: {} }, door: { http: 8080, tls: 8443 } },
    pools: { web: { active: 3, standby: { hot: 1, cold: 1 } } },
  }),
);

describe("power", () => {
  const powerOf = async (name: string) => {
    const { start, mustRun, restart } = find(await recordCluster(plan), "Container", name).inputs;
    return { start, mustRun, restart };
  };

  test("a cold standby is made switched off, may be started by others, and stays as it was over a restart", async () => {
    expect(await powerOf("it-web-standby-cold-1")).toEqual({
      start: false,
      mustRun: false,
      restart: "unless-stopped",
    });
  });

  test.each([
    "it-web-1",
    "it-web-standby-hot-1",
    "it-tier-lb-1",
    "it-tier-lb-2",
    "it-door",
    "it-warden-1",
    "it-filter",
  ])("%s always runs", async (name) => {
    expect(await powerOf(name)).toEqual({ start: undefined, mustRun: undefined, restart: "always" });
  });
});

describe("rights", () => {
  const adds = async (name: string) =>
    find(await recordCluster(plan), "Container", name).inputs.capabilities as {
      adds?: string[];
      drops: string[];
    };

  test.each(["it-web-1", "it-web-standby-hot-1", "it-web-standby-cold-1", "it-warden-1", "it-filter"])(
    "%s has none at all",
    async (name) => {
      expect(await adds(name)).toEqual({ drops: ["ALL"] });
    },
  );

  test("a balancer has what keepalived and nginx need and no more", async () => {
    expect(await adds("it-tier-lb-1")).toEqual({
      drops: ["ALL"],
      adds: [
        "CAP_CHOWN",
        "CAP_KILL",
        "CAP_NET_ADMIN",
        "CAP_NET_BIND_SERVICE",
        "CAP_NET_RAW",
        "CAP_SETGID",
        "CAP_SETUID",
      ],
    });
  });

  test("the door has what nginx needs and no more", async () => {
    expect(await adds("it-door")).toEqual({
      drops: ["ALL"],
      adds: ["CAP_CHOWN", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"],
    });
  });

  test("no container may gain more, and none is privileged", async () => {
    for (const { inputs } of all(await recordCluster(plan), "Container"))
      expect([inputs.securityOpts, inputs.privileged]).toEqual([["no-new-privileges"], undefined]);
  });
});

describe("network", () => {
  test("has the plan's ranges, and keeps the virtual address from being given out", async () => {
    const { inputs } = find(await recordCluster(plan), "Network", "it-network");
    expect(inputs).toMatchObject({
      name: "demo-0123-net",
      driver: "bridge",
      ipamConfigs: [
        {
          subnet: "10.77.2.0/23",
          gateway: "10.77.2.1",
          ipRange: "10.77.3.0/28",
          auxAddress: { virtual: "10.77.2.10" },
        },
      ],
    });
  });

  test("every container has its planned address and its key as a name, in the cluster's network alone", async () => {
    const containers = all(await recordCluster(plan), "Container");
    const places = containers.map(({ inputs }) => [
      inputs.hostname,
      inputs.networksAdvanced,
      inputs.networkMode,
    ]);
    const planned = [
      ...plan.balancers,
      ...plan.nodes,
      ...plan.wardens,
      ...(plan.door === null ? [] : [plan.door]),
    ];
    expect(new Map(places.map(([name, ...rest]) => [name, rest]))).toEqual(
      // The filter, which has the Docker socket, is in no network at all.
      new Map<unknown, unknown>(
        [["filter", [undefined, "none"]] as [unknown, unknown]].concat(
          planned.map(({ key, address }) => [
            key,
            [[{ name: "network-it-network", ipv4Address: address, aliases: [key] }], undefined],
          ]),
        ),
      ),
    );
  });

  test("only the door opens ports of the host, and only on its loopback address", async () => {
    const containers = all(await recordCluster(plan), "Container");
    const opened = containers.flatMap(({ name, inputs }) =>
      inputs.ports === undefined ? [] : [[name, inputs.ports]],
    );
    expect(opened).toEqual([
      [
        "it-door",
        [
          { internal: 80, external: 8080, ip: "127.0.0.1" },
          { internal: 443, external: 8443, ip: "127.0.0.1" },
        ],
      ],
    ]);
  });

  test("without TLS the door opens one port", async () => {
    const plain = planOf(withBalancer({ door: { http: 8080 } }, { network }));
    expect(find(await recordCluster(plain), "Container", "it-door").inputs.ports).toEqual([
      { internal: 80, external: 8080, ip: "127.0.0.1" },
    ]);
  });
});

describe("volumes", () => {
  test("each balancer has one that outlives its container and one that its warden shares; the filter alone has the Docker socket", async () => {
    const recording = await recordCluster(plan);
    const mounted = all(recording, "Container").flatMap(({ name, inputs }) =>
      inputs.volumes === undefined ? [] : [[name, inputs.volumes]],
    );
    expect(new Map(mounted as [string, unknown][])).toEqual(
      new Map([
        ...[1, 2].flatMap((ordinal): [string, unknown][] => {
          const run = { volumeName: `demo-0123-lb-${ordinal}-run`, containerPath: "/run/hotspare" };
          return [
            [
              `it-tier-lb-${ordinal}`,
              [
                { volumeName: `demo-0123-lb-${ordinal}`, containerPath: "/var/lib/hotspare" },
                run,
                { volumeName: `demo-0123-lb-${ordinal}-temp`, containerPath: "/var/lib/nginx" },
              ],
            ],
            [
              `it-warden-${ordinal}`,
              [
                { volumeName: `demo-0123-warden-${ordinal}`, containerPath: "/var/lib/warden" },
                run,
                { volumeName: "demo-0123-filter", containerPath: "/run/filter" },
              ],
            ],
          ];
        }),
        ["it-door", [{ volumeName: "demo-0123-door-temp", containerPath: "/var/lib/nginx" }]],
        [
          "it-filter",
          [
            { volumeName: "demo-0123-filter", containerPath: "/run/filter" },
            { hostPath: "/var/run/docker.sock", containerPath: "/run/docker.sock" },
          ],
        ],
      ]),
    );
    expect(
      all(recording, "Volume")
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual([
      "demo-0123-door-temp",
      "demo-0123-filter",
      "demo-0123-lb-1",
      "demo-0123-lb-1-run",
      "demo-0123-lb-1-temp",
      "demo-0123-lb-2",
      "demo-0123-lb-2-run",
      "demo-0123-lb-2-temp",
      "demo-0123-warden-1",
      "demo-0123-warden-2",
    ]);
  });

  test("the kit's own containers can write to them and to memory alone, nodes where the stack wants it", async () => {
    const roots = async (given: ClusterPlan) =>
      all(await recordCluster(given), "Container").map(({ name, inputs }) => {
        expect(Object.keys(inputs.tmpfs ?? {})).toEqual(inputs.readOnly ? ["/run", "/tmp"] : []);
        return `${name}: ${inputs.readOnly === true}`;
      });
    const isNode = (root: string) => root.startsWith("it-web-");
    const usual = await roots(plan);
    expect(usual.filter((root) => isNode(root) === root.endsWith("true"))).toEqual([]);
    const confined = await roots(planOf(web({ readOnly: true })));
    expect(confined.filter((root) => !root.endsWith("true"))).toEqual([]);
  });
});

describe("limits and environment", () => {
  test("memory in MB, swap as Docker would set it, CPUs as the provider reads them back", async () => {
    const limited = planOf(web({ cpus: 2, memory: "100 MB" }));
    const { memory, memorySwap, cpus } = find(await recordCluster(limited), "Container", "it-web-1").inputs;
    expect({ memory, memorySwap, cpus }).toEqual({ memory: 100, memorySwap: 200, cpus: "2.0" });
  });

  test("variables are sorted, and a secret one is secret", async () => {
    const secret = planOf(web({ environment: { ZONE: "a", KEY: { secret: "key" } } }));
    const { envs } = find(await recordCluster(secret), "Container", "it-web-1").inputs;
    expect(envs).toEqual([
      "HOTSPARE_CLUSTER=demo",
      "HOTSPARE_NODE=web-1",
      new Secret("KEY=plain text of key"),
      "PORT=8080",
      "ZONE=a",
    ]);
  });

  test("a node may finish its requests for as long as the stack says, rounded up to seconds", async () => {
    const slow = planOf(web({ stopGrace: "1.2 s" }));
    const { destroyGraceSeconds, stopTimeout } = find(
      await recordCluster(slow),
      "Container",
      "it-web-1",
    ).inputs;
    expect({ destroyGraceSeconds, stopTimeout }).toEqual({ destroyGraceSeconds: 2, stopTimeout: 2 });
  });
});

describe("order", () => {
  const after = (recording: Recording<unknown>, type: string, name: string) =>
    short(find(recording, type, name).dependsOn).sort();

  test("nodes come all at once: a successor stands beside the node that it takes the place of", async () => {
    const recording = await recordCluster(plan);
    for (const node of ["web-1", "web-2", "web-3", "web-standby-hot-1", "web-standby-cold-1"])
      expect(after(recording, "Container", `it-${node}`)).toEqual(["Network it-network"]);
  });

  test("nodes come after the accessories, which they may ask from their first moment on", async () => {
    const given = planOf(small({ accessories: { db: { image: { kind: "sample" } } } }));
    const recording = await recordCluster(given);
    const nodes = all(recording, "Container").filter(({ name }) => name.startsWith("it-web-"));
    expect(nodes.length).toBeGreaterThan(1);
    for (const { name } of nodes) expect(after(recording, "Container", name)).toContain("Container it-db");
  });

  test("balancers come one after the other: the second is touched when the first has its files", async () => {
    expect(after(await recordCluster(plan), "Container", "it-tier-lb-2")).toEqual([
      "Network it-network",
      "Stash it-tier-lb-1-files",
      "Volume it-tier-lb-2",
      "Volume it-tier-lb-2-run",
      "Volume it-tier-lb-2-temp",
    ]);
  });

  test("a tier that isn't there yet is made all at once, and has its files when the nodes are there", async () => {
    const recording = await recordCluster(plan, { isNew: true });
    for (const balancer of ["it-tier-lb-1", "it-tier-lb-2"]) {
      expect(after(recording, "Container", balancer)).not.toContainEqual(expect.stringContaining("Stash"));
      expect(after(recording, "Stash", `${balancer}-files`)).toContain("Container it-web-3");
    }
  });

  test("a balancer hears of its nodes when all are there; the second is itself after the first one's files", async () => {
    const nodes = [
      "Container it-web-1",
      "Container it-web-2",
      "Container it-web-3",
      "Container it-web-standby-cold-1",
      "Container it-web-standby-hot-1",
    ];
    const recording = await recordCluster(plan);
    expect(after(recording, "Stash", "it-tier-lb-1-files")).toEqual(["Container it-tier-lb-1", ...nodes]);
    expect(after(recording, "Stash", "it-tier-lb-2-files")).toEqual(["Container it-tier-lb-2", ...nodes]);
  });
});

describe("delivery", () => {
  const given = planOf(
    withBalancer(
      {
        listen: {
          tls: { certificate: { kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } } },
        },
      },
      { network },
    ),
  );
  type Input = { container: string; files: Record<string, string>; secrets: Record<string, string> };
  const inputOf = (recording: Recording<unknown>, balancer = "lb-1") =>
    find(recording, "Stash", `it-tier-${balancer}-files`).inputs.input as Input;

  test("the state keeps text files as they are, and fingerprints of secret ones", async () => {
    const input = inputOf(await recordCluster(given));
    expect(Object.keys(input).sort()).toEqual(["container", "files", "secrets"]);
    expect(Object.keys(input.files).sort()).toEqual([
      "firewall.nft",
      "keepalived.conf",
      "members.json",
      "nginx.conf",
    ]);
    expect(input.secrets).toEqual({
      "tls/server.crt": expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
      "tls/server.key": expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
    });
    expect(input.secrets["tls/server.crt"]).not.toBe(input.secrets["tls/server.key"]);
  });

  test("belongs to one container: a new one is a new delivery", async () => {
    expect(inputOf(await recordCluster(given)).container).toBe("container-it-tier-lb-1");
    expect(inputOf(await recordCluster(given, { preview: true })).container).toBe(unknown);
  });

  test("happens before the state is written, on create and on update", async () => {
    const { hooks } = find(await recordCluster(given), "Stash", "it-tier-lb-1-files");
    const hook = ["it-tier-lb-1-files-deliver"];
    expect(hooks).toEqual({ beforeCreate: hook, afterCreate: [], beforeUpdate: hook });
  });

  test("brings all files with their modes, secrets in plain text, to the balancer's container", async () => {
    const recording = await recordCluster(given);
    const { inputs } = find(recording, "Stash", "it-tier-lb-2-files");
    await runHook(recording, "it-tier-lb-2-files-deliver", inputs);
    const [delivered, ...others] = recording.deliveries;
    expect(others).toEqual([]);
    expect(delivered?.container).toBe("container-it-tier-lb-2");
    expect(delivered?.files.map(({ path, mode }) => [path, mode])).toEqual([
      ["firewall.nft", "0644"],
      ["keepalived.conf", "0644"],
      ["members.json", "0644"],
      ["nginx.conf", "0644"],
      ["tls/server.crt", "0600"],
      ["tls/server.key", "0600"],
    ]);
    expect(delivered?.files.at(-1)?.content).toBe("plain text of key");
    expect(delivered?.files[1]?.content).toBe(inputOf(recording, "lb-2").files["keepalived.conf"]);
  });

  test("fails with the balancer's words when it refuses its files", async () => {
    const recording = await recordCluster(given, { refuse: (container) => `${container} refused them` });
    const { inputs } = find(recording, "Stash", "it-tier-lb-1-files");
    await expect(runHook(recording, "it-tier-lb-1-files-deliver", inputs)).rejects.toThrow(
      "container-it-tier-lb-1 refused them",
    );
  });

  test("of the door is part of its container", async () => {
    const { envs, command } = find(await recordCluster(plan), "Container", "it-door").inputs;
    expect(command).toEqual(["hotspare-entry"]);
    expect(envs).toEqual([
      expect.stringMatching(/^HOTSPARE_FILE_0=# .*entry\.conf of the door of cluster demo/),
    ]);
  });

  test("of the door is cut where it is longer than a variable may be", async () => {
    const files = {
      machine: "door",
      files: [{ path: "entry.conf", mode: "0644", content: "ä".repeat(70_000) }],
    };
    const pieces = fileInEnvironment(files);
    expect(pieces.every((piece) => Buffer.byteLength(piece) < 128 * 1024)).toBe(true);
    expect(pieces.map((piece) => piece.replace(/^HOTSPARE_FILE_\d=/, "")).join("")).toBe("ä".repeat(70_000));
    expect(pieces.map((piece) => piece.split("=")[0])).toEqual([
      "HOTSPARE_FILE_0",
      "HOTSPARE_FILE_1",
      "HOTSPARE_FILE_2",
    ]);
  });
});

async function runHook(recording: Recording<unknown>, name: string, newInputs: unknown): Promise<void> {
  const hook = recording.hooks.get(name);
  if (hook === undefined) throw new Error(`no hook ${name}`);
  await hook({ newInputs } as pulumi.ResourceHookArgs);
}

describe("scaling a pool", () => {
  const sized = (active: number) => planOf(web({ active, standby: { hot: 1, cold: 1 } }));
  const byUrn = ({ resources }: Recording<unknown>) =>
    new Map(resources.map((resource) => [resource.urn, resource]));

  test.each([
    [3, 5],
    [5, 3],
  ])("from %i to %i nodes touches no other resource but the files of the balancers", async (from, to) => {
    const before = byUrn(await recordCluster(sized(from)));
    const after = byUrn(await recordCluster(sized(to)));
    const come = [...after.keys()].filter((urn) => !before.has(urn));
    const gone = [...before.keys()].filter((urn) => !after.has(urn));
    expect(short([...come, ...gone]).sort()).toEqual(["Container it-web-4", "Container it-web-5"]);
    const changed = [...before].filter(
      ([urn, { inputs }]) =>
        after.has(urn) && JSON.stringify(after.get(urn)?.inputs) !== JSON.stringify(inputs),
    );
    expect(short(changed.map(([urn]) => urn)).sort()).toEqual([
      "Stash it-tier-lb-1-files",
      "Stash it-tier-lb-2-files",
    ]);
  });

  test("changes the list of members and no other file", async () => {
    const filesOf = async (active: number) => {
      const { inputs } = find(await recordCluster(sized(active)), "Stash", "it-tier-lb-1-files");
      return (inputs.input as { files: Record<string, string> }).files;
    };
    const [before, after] = [await filesOf(3), await filesOf(5)];
    const changed = Object.keys(before).filter((path) => before[path] !== after[path]);
    expect(changed).toEqual(["members.json"]);
  });
});

describe("transforms", () => {
  const mark = (args: docker.ContainerArgs): docker.ContainerArgs => ({ ...args, workingDir: "/marked" });
  const marked = async (transform: NonNullable<Parameters<typeof recordCluster>[1]>["transform"]) => {
    const recording = await recordCluster(plan, { transform: transform ?? {} });
    return all(recording, "Container")
      .filter(({ inputs }) => inputs.workingDir === "/marked")
      .map(({ name }) => name)
      .sort();
  };

  test("of nodes reach every node and are told which", async () => {
    const hotOnly = await marked({ node: (args, node) => (node.role === "hot" ? mark(args) : args) });
    expect(hotOnly).toEqual(["it-web-standby-hot-1"]);
    expect(await marked({ node: mark })).toEqual([
      "it-web-1",
      "it-web-2",
      "it-web-3",
      "it-web-standby-cold-1",
      "it-web-standby-hot-1",
    ]);
  });

  test("of balancers reach every balancer and are told which", async () => {
    const second = await marked({ balancer: (args, { key }) => (key === "lb-2" ? mark(args) : args) });
    expect(second).toEqual(["it-tier-lb-2"]);
  });

  test("of the door reach the door", async () => {
    expect(await marked({ door: mark })).toEqual(["it-door"]);
  });

  test("of the network reach the network", async () => {
    const recording = await recordCluster(plan, {
      transform: { network: (args) => ({ ...args, internal: true }) },
    });
    expect(find(recording, "Network", "it-network").inputs.internal).toBe(true);
  });
});

describe("outputs", () => {
  test("say where the cluster answers, and give the raw children by key", async () => {
    const { result } = await recordCluster(plan);
    expect(await known(result.url)).toBe("http://127.0.0.1:8080");
    expect(await known(result.virtualAddress)).toBe("10.77.2.10");
    expect(Object.keys(result.nodes.pools.web?.nodes ?? {})).toEqual(["web-1", "web-2", "web-3"]);
    expect(Object.keys(result.nodes.standby.web?.nodes ?? {})).toEqual(["web-hot-1", "web-cold-1"]);
    expect(Object.keys(result.nodes.tier.nodes)).toEqual(["lb-1", "lb-2"]);
    expect(Object.keys(result.nodes.tier.nodes["lb-1"]?.resources ?? {})).toEqual([
      "volume",
      "run",
      "temporary",
      "container",
    ]);
  });

  test("a pool without standbys has no component for them", async () => {
    const { result } = await recordCluster(planOf(web({})));
    expect(Object.keys(result.nodes.standby)).toEqual([]);
  });
});
