import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { render } from "../../../components/render/index.ts";
import { renderKeepalived } from "../../../components/render/keepalived/index.ts";
import { renderNginx } from "../../../components/render/nginx/index.ts";
import { locationPath } from "../../../components/render/nginx/location-path.ts";
import { nginxPlan } from "../../../components/render/nginx/plan.ts";
import { luaString, nginxString } from "../../../components/render/nginx/text.ts";
import * as paths from "../../../components/render/paths.ts";
import { word } from "../../../components/render/text.ts";
import { awsPlan } from "../../support/aws/stacks.ts";
import { developmentStack, planOf, stagingStack } from "../../support/plans.ts";

const runtime = join(import.meta.dirname, "../../../infra/runtime/balancer");

function fileOf(plan: ClusterPlan, machine: string, path: string): string {
  const content = render(plan)
    .find((rendered) => rendered.machine === machine)
    ?.files.find((file) => file.path === path)?.content;
  if (typeof content !== "string") throw new Error(`${machine} has no ${path}`);
  return content;
}

describe("every file", () => {
  const files = [developmentStack, stagingStack]
    .flatMap((stack) => render(planOf(stack)))
    .flatMap(({ files }) => files);

  test("ends with one newline and has no line that ends with a space", () => {
    for (const { content } of files) {
      expect(content).toMatch(/[^\n]\n$/);
      expect(content).not.toMatch(/[ \t]\n/);
    }
  });

  test("is the same when rendered again", () => {
    expect(render(planOf(stagingStack))).toEqual(render(planOf(structuredClone(stagingStack))));
  });

  test("stands in the order of its path", () => {
    for (const { files } of render(planOf(stagingStack))) {
      expect(files.map(({ path }) => path)).toEqual(files.map(({ path }) => path).sort());
    }
  });
});

describe("members.json", () => {
  const members = (stack: unknown) => JSON.parse(fileOf(planOf(stack), "lb-1", "members.json"));

  test("is the same on both balancers", () => {
    const plan = planOf(developmentStack);
    expect(fileOf(plan, "lb-1", "members.json")).toBe(fileOf(plan, "lb-2", "members.json"));
  });

  test("has another revision exactly when its content differs", () => {
    const more = { ...developmentStack, pools: { web: { active: 4, standby: { hot: 1, cold: 1 } } } };
    expect(members(more).revision).not.toBe(members(developmentStack).revision);
    expect(members({ ...developmentStack, protect: true }).revision).toBe(members(developmentStack).revision);
  });

  test("leaves the members that stay as they were when one comes", () => {
    const more = { ...developmentStack, pools: { web: { active: 4, standby: { hot: 1, cold: 1 } } } };
    const before = members(developmentStack).pools.web.members;
    const after = members(more).pools.web.members.filter(({ key }: { key: string }) => key !== "web-4");
    expect(after).toEqual(before);
  });

  test("does not change nginx.conf when a node comes: that would be a reload", () => {
    const more = { ...developmentStack, pools: { web: { active: 4, standby: { hot: 2, cold: 1 } } } };
    expect(fileOf(planOf(more), "lb-1", "nginx.conf")).toBe(
      fileOf(planOf(developmentStack), "lb-1", "nginx.conf"),
    );
  });
});

describe("keepalived.conf", () => {
  test("agrees on both balancers in all that VRRP wants the same, and differs in priority", () => {
    const plan = planOf(stagingStack);
    const [first = "", second = ""] = ["lb-1", "lb-2"].map((machine) =>
      fileOf(plan, machine, "keepalived.conf"),
    );
    const value = (text: string, name: string) => new RegExp(`^\\s*${name} (.*)$`, "m").exec(text)?.[1];
    for (const name of ["vrrp_version", "virtual_router_id", "advert_int", "state"])
      expect(value(first, name)).toBe(value(second, name));
    expect(value(first, "priority")).not.toBe(value(second, "priority"));
    expect(first).toContain(
      `unicast_peer {\n    ${value(second, "unicast_src_ip")} min_ttl 255 max_ttl 255\n`,
    );
    expect(second).toContain(
      `unicast_peer {\n    ${value(first, "unicast_src_ip")} min_ttl 255 max_ttl 255\n`,
    );
  });

  test.each([
    ["10 ms", "0.01"],
    ["14 ms", "0.01"],
    ["100 ms", "0.1"],
    ["1 s", "1"],
    ["40 s", "40"],
  ])("writes an advert interval of %s as %s seconds: VRRP counts hundredths", (advertise, seconds) => {
    const stack = { ...developmentStack, balancer: { kind: "nginx", failover: { advertise } } };
    expect(fileOf(planOf(stack), "lb-1", "keepalived.conf")).toContain(`advert_int ${seconds}\n`);
  });
});

test("keepalived.conf names the network card that it is told, and takes no other word for one", () => {
  const plan = planOf(developmentStack);
  const [balancer] = plan.balancers;
  if (balancer === undefined) throw new Error("no balancer");
  const usual = renderKeepalived(plan, balancer, "eth0");
  expect(usual).toBe(fileOf(plan, "lb-1", "keepalived.conf"));
  expect(renderKeepalived(plan, balancer, "enp3s0f1")).toBe(usual.replaceAll("eth0", "enp3s0f1"));
  expect(() => renderKeepalived(plan, balancer, "eth0\n}")).toThrow("without quotes");
});

test("what a plan doesn't say is asked of nobody: no card, no groups", () => {
  const plan = planOf(developmentStack);
  expect(() => render({ ...plan, platform: awsPlan().platform })).toThrow(
    "lb-1: the plan doesn't say which network card",
  );
  expect(() => render({ ...plan, groups: awsPlan().groups })).toThrow(
    "lb: the platform docker keeps no groups",
  );
});

describe("a route's retries", () => {
  const locationOf = (route: object) =>
    fileOf(
      planOf({ ...developmentStack, routes: [{ path: "/", pool: "web", ...route }] }),
      "lb-1",
      "nginx.conf",
    );

  test("leave POST alone unless the route is idempotent", () => {
    expect(locationOf({})).not.toContain("non_idempotent");
    expect(locationOf({ idempotent: true })).toContain("http_504 non_idempotent;");
  });

  test.each([{ tries: 1 }, { retryFor: "0 s" }])(
    "are off for %j, which nginx would read as no limit",
    (route) => {
      expect(locationOf(route)).toContain("proxy_next_upstream off;");
      expect(locationOf(route)).not.toContain("proxy_next_upstream_tries");
    },
  );
});

describe("nginx.conf of a balancer behind the platform's own", () => {
  const tls = { certificate: { kind: "self-signed", names: ["shop.example.test"] } };
  const plan = awsPlan({}, { balancer: { kind: "nginx", listen: { tls } } });
  const machine = { key: "lb", cpus: 2, memory: 4 * 1024 ** 3 };
  const behind = { health: { port: 9181, path: "/healthz" }, accessLog: "/var/log/hotspare/access.log" };
  const text = renderNginx(nginxPlan(plan), machine, behind);

  test("answers the platform's check on a port of its own, whatever becomes of the nodes", () => {
    const [, server = ""] =
      /^ {2}server \{\n(( {4}.*\n)+) {2}\}$/m.exec(text.slice(text.indexOf("9181") - 30)) ?? [];
    expect(server.split("\n").map((line) => line.trim())).toEqual([
      "listen 9181 default_server;",
      "server_name _;",
      "access_log off;",
      'location = "/healthz" {',
      "return 200;",
      "}",
      "location / {",
      "return 404;",
      "}",
      "",
    ]);
  });

  test("knows no virtual address, and neither does its certificate", () => {
    expect(text).not.toContain("virtual_address");
    expect(plan.tier.tls?.end).toMatchObject({ files: [{ names: ["shop.example.test"] }] });
  });

  test("is otherwise what a balancer of that size has", () => {
    expect(text).toContain("worker_processes 2;");
    expect(renderNginx(nginxPlan(plan), machine)).not.toContain("9181");
  });
});

describe("text that a syntax can't hold", () => {
  test("is refused", () => {
    expect(() => nginxString("/a$b")).toThrow('"$"');
    expect(() => nginxString("a\nb")).toThrow("control character");
    expect(() => luaString("a\u0000b")).toThrow("control character");
    expect(() => word("a b")).toThrow("quotes");
    expect(() => word("a;b")).toThrow("quotes");
  });

  test("is escaped where it can be", () => {
    expect(nginxString('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(luaString('a"b\\c')).toBe('"a\\"b\\\\c"');
  });

  test("is decoded where nginx compares decoded paths", () => {
    expect(locationPath("/a%7Eb//c/")).toBe("/a~b/c/");
  });
});

test("the scripts in the image use the same paths", () => {
  const common = readFileSync(join(runtime, "lib/common.sh"), "utf8");
  const [, state] = /^state=(.*)$/m.exec(common) ?? [];
  const [, run] = /^run=(.*)$/m.exec(common) ?? [];
  expect(paths.currentFolder).toBe(`${state}/current`);
  expect(paths.membersFile).toBe(`${state}/state/members.json`);
  expect(paths.runFolder).toBe(run);
  expect(common).toContain(`lua=${paths.luaFolder}`);
  expect(readFileSync(join(runtime, "bin/hotspare-balancer"), "utf8")).toContain(
    `/dev/tcp/127.0.0.1/${paths.controlPort}`,
  );
  expect(readFileSync(join(runtime, "bin/hotspare-notify"), "utf8")).toContain(`${paths.runFolder}/vrrp`);
});
