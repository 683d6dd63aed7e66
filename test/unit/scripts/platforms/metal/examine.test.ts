import { describe, expect, test } from "vitest";
import { addressCheck, serverChecks } from "../../../../../scripts/platforms/metal/examine.ts";
import { metalPlan } from "../../../../support/metal/stacks.ts";

const plan = metalPlan();
const facts = {
  system: "debian 13",
  kernel: "6.12.0",
  free: "5000000000",
  address: "there",
  holds: "",
  neighbour: "",
  mac: "02:00:00:00:00:11",
  mark: "",
  carries: "",
};
const examined = (name: string, change: object = {}, ahead = 0) => ({
  name,
  facts: { ...facts, ...change },
  ahead,
  took: 200,
});

describe("a server", () => {
  const broken = (change: object, ahead = 0) =>
    serverChecks(plan, examined("s1", change, ahead))
      .filter(({ state }) => state !== "ok")
      .map(({ name, detail, fix }) => `${name}: ${detail}; ${fix}`);

  test("that fits has nothing to be said of it", () => {
    expect(broken({})).toEqual([]);
    // What listens there then is the cluster's own.
    expect(broken({ carries: "lb-1", "port-80": "nginx", mark: `${plan.owner} shop` })).toEqual([]);
  });

  test.each([
    [
      "another system",
      { system: "ubuntu 24.04" },
      "s1: system: ubuntu 24.04, Linux 6.12.0; it needs Debian 13",
    ],
    [
      "an older Debian under a balancer",
      { system: "debian 12" },
      "it needs Debian 13 for lb-1, web-2, warden-1",
    ],
    ["a full disk", { free: "12000000" }, "s1: disk: 12 MB free in /var; 200 MB are needed"],
    ["another address", { address: "" }, "s1: address: eth0 hasn't the address 192.0.2.11; correct"],
    ["somebody on its port", { "port-80": "apache2" }, "s1: ports: 80 is apache2's; stop that program"],
    [
      "another owner",
      { mark: "ffff0000 other" },
      's1: owner: the stack "other" of ffff0000; take that stack down',
    ],
  ])("with %s is told with the way out", (_, change, words) => {
    const found = broken(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  });

  test("whose clock is off by an hour is told what to do", () => {
    expect(broken({}, -3600)).toEqual([
      "s1: clock: 3600 s behind this machine's; let both follow NTP: `systemctl enable --now systemd-timesyncd`",
    ]);
    expect(broken({}, 1)).toEqual([]);
  });
});

describe("the virtual address", () => {
  const mine = { holds: "yes", mac: "02:00:00:00:00:11" };

  test("is free before the first up, and afterwards with one balancer where all others see it", () => {
    expect(addressCheck(plan, [examined("s1"), examined("s2")]).detail).toBe("free");
    const seen = addressCheck(plan, [examined("s1", mine), examined("s2", { neighbour: mine.mac })]);
    expect([seen.state, seen.detail]).toEqual([
      "ok",
      "with s1, and the others reach it there; `drill --only balancer-stopped` moves it",
    ]);
  });

  test.each([
    ["somebody else has it", [examined("s1", { neighbour: "02:aa:aa:aa:aa:aa" })], "in use by the machine"],
    [
      "two have it",
      [examined("s1", mine), examined("s2", { ...mine, mac: "02:00:00:00:00:12" })],
      "s1 and s2 have it at once",
    ],
    [
      "others reach it elsewhere",
      [examined("s1", mine), examined("s2", { neighbour: "02:aa:aa:aa:aa:aa" })],
      "others reach it at 02:aa:aa:aa:aa:aa",
    ],
  ])("is told when %s", (_, all, words) => {
    const { state, detail, fix } = addressCheck(plan, all);
    expect(state).toBe("broken");
    expect(detail).toContain(words);
    expect(fix).toBeTruthy();
  });
});
