import { describe, expect, test } from "vitest";
import { renderBalancer } from "../../../../components/render/metal/balancer.ts";
import { renderNode, secretEnvironment } from "../../../../components/render/metal/node.ts";
import { renderWardenMachine, wardenPort } from "../../../../components/render/metal/warden.ts";
import { serverMetricsPort } from "../../../../infra/runtime/warden/config.ts";
import { metalPlan } from "../../../support/metal/stacks.ts";

const nodeOf = (pool: object) => {
  const plan = metalPlan({}, { pools: { web: { active: 3, ...pool } } });
  const [node] = plan.nodes;
  if (node === undefined) throw new Error("the plan has no node");
  return renderNode(plan, node);
};
const unit = ({ files }: { files: Readonly<Record<string, string>> }, name: string) =>
  files[`/etc/systemd/system/${name}`] ?? "";

describe("a node on a server", () => {
  test("is a unit within the pool's bounds, with its secrets in a file beside it that may be missing", () => {
    const node = nodeOf({
      cpus: 0.75,
      memory: "256 MB",
      environment: { LEVEL: "info", TOKEN: { secret: "token" } },
    });
    const text = unit(node, "hotspare-node.service");
    expect(text).toContain("MemoryMax=268435456\nCPUQuota=75%\n");
    expect(text).toContain("EnvironmentFile=/etc/hotspare/node.env\n");
    expect(text).toContain(`EnvironmentFile=-${secretEnvironment}\n`);
    expect(node.files["/etc/hotspare/node.env"]).toContain('LEVEL="info"');
    expect(JSON.stringify(node)).not.toContain("TOKEN");
    expect(node.packages).toEqual(["logrotate", "nodejs"]);
  });

  test("that is a container is run by the server's own Docker", () => {
    const image = { kind: "reference", reference: "acme/api:1.4.2" };
    const node = nodeOf({ image });
    expect(node.packages).toContain("docker.io");
    expect(unit(node, "hotspare-node.service")).toContain("acme/api:1.4.2");
  });

  test("that is a container has its bounds by Docker, whose engine is not in the unit", () => {
    const image = { kind: "reference", reference: "acme/api:1.4.2" };
    const text = unit(nodeOf({ image, cpus: 0.75, memory: "256 MB" }), "hotspare-node.service");
    expect(text).toMatch(/docker run .* --pids-limit 4096 --memory 268435456 --cpus 0\.75 --env/);
    expect(text).not.toContain("--read-only");
    expect(unit(nodeOf({ image, readOnly: true }), "hotspare-node.service")).toContain(
      " --read-only --tmpfs /run:size=64m,mode=755 --tmpfs /tmp:size=64m ",
    );
  });

  test("shares no file with a balancer of the same server", () => {
    const [node, balancer] = [nodeOf({}), renderBalancer()];
    const both = Object.keys(node.files).filter((path) => path in balancer.files);
    expect(both).toEqual([]);
    expect(node.units.filter((name) => balancer.units.includes(name))).toEqual([]);
  });
});

test("a balancer on a server can write to its own folders alone, and asks no metadata", () => {
  const text = unit(renderBalancer(), "hotspare-balancer.service");
  for (const line of ["ProtectSystem=strict", "PrivateTmp=yes", "SystemCallFilter=@system-service @pkey"])
    expect(text).toContain(`${line}\n`);
  expect(text).toContain("IPAddressDeny=169.254.0.0/16\n");
  expect(text).toContain(
    "ReadWritePaths=/var/lib/hotspare /run/hotspare /run/hotspare-desired /var/log/hotspare /var/lib/nginx -/var/log/nginx",
  );
});

test("a balancer on a server takes its copy of the virtual address away when it ends", () => {
  const text = unit(renderBalancer(), "hotspare-balancer.service");
  expect(text).toContain("ExecStopPost=/bin/bash -c '. /usr/lib/hotspare/common.sh; virtual_addresses");
  expect(text).toContain("KillMode=mixed\n");
});

test("a warden on a server may reach its balancer's socket and nothing of root's", () => {
  const plan = metalPlan();
  const [warden] = plan.wardens;
  if (warden === undefined) throw new Error("the plan has no warden");
  const { files, packages, units } = renderWardenMachine(plan, warden);
  const text = unit({ files }, "hotspare-warden.service");
  expect(text).toContain("DynamicUser=yes\nSupplementaryGroups=www-data\n");
  expect(text).toContain("CapabilityBoundingSet=\n");
  expect(text).toContain("MemoryMax=134217728\n");
  expect(JSON.parse(files["/etc/hotspare/warden.json"] ?? "")).toMatchObject({ balancer: "lb-1" });
  expect([packages, units[0]]).toEqual([["logrotate", "nodejs"], "hotspare-warden.service"]);
  expect(wardenPort).toBe(serverMetricsPort);
  expect(text).not.toContain("HOTSPARE_SWITCH");
  const switching = renderWardenMachine(plan, warden, ["ipmi"]);
  expect(unit(switching, "hotspare-warden.service")).toContain(
    "Environment=HOTSPARE_SWITCH=/run/hotspare-power/control.sock\n",
  );
  expect(unit(switching, "hotspare-power.service")).toContain("RuntimeDirectoryMode=0750\n");
  // nginx's group may enter that folder as well, so both have a password that only they can read.
  for (const name of ["hotspare-power.service", "hotspare-warden.service"])
    expect(unit(switching, name)).toMatch(
      /^ExecStartPre=\+.* install --mode=0400 .* \/run\/hotspare-power\.password "\$RUNTIME_DIRECTORY\/password"'$/m,
    );
  expect(unit(switching, "hotspare-warden.service")).toContain("RuntimeDirectoryMode=0700\n");
  expect([switching.packages, switching.units.slice(0, 2)]).toEqual([
    ["ipmitool", "logrotate", "nodejs"],
    ["hotspare-power.service", "hotspare-warden.service"],
  ]);
});
