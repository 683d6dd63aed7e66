import { describe, expect, it } from "vitest";
import { compare } from "../../../../components/review/compare/index.ts";
import { byKey, growth, listed, percent } from "../../../../components/review/compare/words.ts";
import { awsStack } from "../../../support/aws/stacks.ts";
import { documentOf } from "../../../support/plan-documents.ts";
import { dev, tier, web } from "./told.ts";

const base = dev();

describe("shares and capacity", () => {
  it("are each node's part of the requests, on both sides", () => {
    const [pool] = compare(base, web({ active: 2, weights: { "web-1": 3 } })).pools;
    expect(pool?.shares).toEqual([
      { node: "web-1", before: 1 / 3, after: 3 / 4 },
      { node: "web-2", before: 1 / 3, after: 1 / 4 },
      { node: "web-3", before: 1 / 3, after: null },
    ]);
  });

  it("grow with the nodes' cores, and not with their weights", () => {
    const capacity = (pool: Parameters<typeof web>[0]) => compare(base, web(pool)).pools[0]?.capacity;
    expect(capacity({ active: 6 })).toBe(2);
    expect(capacity({ cpus: 1 })).toBe(2);
    expect(capacity({ weights: { "web-1": 10 } })).toBe(1);
  });
});

describe("cover", () => {
  const cover = (document: typeof base) => compare(null, document).cover.after;

  it("counts what may be lost until nobody answers, and until the capacity is less", () => {
    expect(cover(base)).toEqual({
      balancers: 1,
      pools: [{ pool: "web", nodes: 3, wholeCapacity: 1, afterOneLoss: 1 - 1 / 3 }],
    });
  });

  it("needs wardens to keep the capacity, but for a pool of one", () => {
    const alone = { pools: { web: { active: 1, standby: { hot: 1 } } }, warden: { enabled: false } };
    expect(cover(dev({ warden: { enabled: false } }))?.pools[0]?.wholeCapacity).toBe(0);
    expect(cover(dev(alone))?.pools[0]?.wholeCapacity).toBe(1);
  });

  it("is kept by hot standbys where groups keep the machines", () => {
    const grouped = documentOf(awsStack({}, { pools: { web: { active: 3, standby: { hot: 2 } } } }));
    expect(cover(grouped)?.pools[0]?.wholeCapacity).toBe(2);
  });

  it("ends at the wardens' limit", () => {
    const limited = { pools: { web: { active: 3, standby: { hot: 3 } } }, warden: { limit: 2 } };
    expect(cover(dev(limited))?.pools[0]?.wholeCapacity).toBe(2);
  });
});

describe("forecasts", () => {
  it("are there on both sides, by id", () => {
    const { forecasts } = compare(tier({ count: 1 }), base);
    const killed = forecasts.find(({ id }) => id === "balancer-killed");
    expect(killed?.forecast.before).toBeNull();
    expect(killed?.forecast.after?.noService.high).toBeGreaterThan(200);
    expect(forecasts.find(({ id }) => id === "node-killed")?.forecast.before).not.toBeNull();
    expect(new Set(forecasts.map(({ id }) => id)).size).toBe(forecasts.length);
  });
});

describe("warnings", () => {
  it("are told where they come and where they go", () => {
    const alone = web({ active: 1, standby: {} });
    expect(compare(base, alone).warnings.added.map(({ code }) => code)).toEqual(["pool.no-cover"]);
    expect(compare(alone, base).warnings).toMatchObject({ added: [], gone: [{ code: "pool.no-cover" }] });
  });
});

describe("files", () => {
  it("that change alike are shown once for all their machines", () => {
    const { files } = compare(base, tier({ bodyLimit: "2 MB" }));
    expect(files.map(({ path, machines, added, removed }) => [path, machines, added, removed])).toEqual([
      ["entry.conf", ["door"], 1, 1],
      ["nginx.conf", ["lb-1", "lb-2"], 3, 3],
    ]);
    expect(files[1]?.hunks[0]?.lines.filter((line) => !line.startsWith(" "))).toEqual([
      "-      client_max_body_size 1048576;",
      "+      client_max_body_size 2097152;",
    ]);
  });

  it("that are a secret as a whole are named and not shown", () => {
    const given = (name: string) =>
      tier({
        listen: {
          tls: {
            certificate: { kind: "given", certificate: { secret: "tls-chain" }, key: { secret: name } },
          },
        },
      });
    const { files } = compare(given("tls-key"), given("tls-key-2"));
    expect(files).toEqual([
      {
        path: "tls/server.key",
        machines: ["lb-1", "lb-2"],
        kind: "changed",
        mode: null,
        hunks: [],
        added: 0,
        removed: 0,
      },
    ]);
  });

  it("tell a mode that differs", () => {
    const machines = base.machines.map(({ machine, files }) => ({
      machine,
      files: files.map((file) => (file.path === "nginx.conf" ? { ...file, mode: "0600" } : file)),
    }));
    expect(compare(base, { ...base, machines }).files).toMatchObject([
      { path: "nginx.conf", kind: "changed", mode: { before: "0644", after: "0600" }, hunks: [] },
    ]);
  });
});

describe("secrets", () => {
  const environment = (value: string) => web({ environment: { DATABASE_PASSWORD: value, LEVEL: value } });
  const [old, now] = ["ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ghp_99Z7e42F292c6912E7710c838347Ae178B4b"];

  it("written down in a stack show nowhere, and that they are others does", () => {
    const change = compare(environment(old), environment(now));
    expect(change.machines[0]?.reasons.map(({ path }) => path)).toEqual([
      "environment.DATABASE_PASSWORD",
      "environment.LEVEL",
    ]);
    for (const secret of [old, now]) expect(JSON.stringify(change)).not.toContain(secret);
  });

  it("are named by their reference, which is none", () => {
    const change = compare(
      base,
      web({ environment: { DATABASE_PASSWORD: { secret: "database-password" } } }),
    );
    expect(change.pools[0]?.settings).toEqual([
      { path: "environment.DATABASE_PASSWORD", before: null, after: 'the secret "database-password"' },
    ]);
  });

  it("of several lines in a file are hidden as a whole, beside what is none", () => {
    const body = Array.from({ length: 12 }, (_, index) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${index}`);
    const text = (line: string, port: number) =>
      ["-----BEGIN PRIVATE KEY-----", ...body, line, "-----END PRIVATE KEY-----", `port ${port};`, ""].join(
        "\n",
      );
    const withFile = (content: string) => ({
      ...base,
      machines: [{ machine: "lb-1", files: [{ path: "x.conf", mode: "0644", content }] }],
    });
    const [file] = compare(withFile(text("AAAAoldAAAA", 1)), withFile(text("AAAAnewAAAA", 2))).files;
    const lines = file?.hunks.flatMap((hunk) => hunk.lines) ?? [];
    expect(lines.join("\n")).not.toMatch(/AAAA|MIIE/);
    expect(lines).toContain("-port 1;");
    expect(lines).toContain("+port 2;");
    expect([file?.added, file?.removed]).toEqual([2, 2]);
  });
});

describe("words", () => {
  it("count as people do", () => {
    expect(["web-10", "web-2", "web-hot-1", "a", "web-1"].sort(byKey)).toEqual([
      "a",
      "web-1",
      "web-2",
      "web-10",
      "web-hot-1",
    ]);
    expect([0, 0.0004, 0.0149, 0.05, 0.0996, 1 / 3, 1].map(percent)).toEqual([
      "0 %",
      "0.04 %",
      "1.5 %",
      "5 %",
      "10 %",
      "33 %",
      "100 %",
    ]);
    expect([2, 5 / 3, 0.5, 0.999].map(growth)).toEqual(["+100 %", "+67 %", "−50 %", "−0.1 %"]);
    expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });
});
