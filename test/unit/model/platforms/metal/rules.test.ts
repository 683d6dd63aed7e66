import { describe, expect, test } from "vitest";
import { checkStack } from "../../../../../components/model/define.ts";
import { metalStack, server, servers } from "../../../../support/metal/stacks.ts";

const found = (platform: object, others: object = {}) =>
  checkStack(metalStack(platform, others)).problems.map(({ code, path, message }) => [code, path, message]);

describe("a stack on servers", () => {
  test("of three with all that is needed has no problem", () => {
    expect(found({})).toEqual([]);
  });

  test("is told of all problems at once", () => {
    const wrong = found(
      { servers: { s1: server(1), s2: server(1) }, assign: { "web-1": "s3", "web-9": "s1" } },
      { network: {}, pools: { web: { active: 3, standby: { cold: 1 } } } },
    );
    expect(wrong.map(([code, path]) => `${code} ${path}`).sort()).toEqual([
      "metal.assign-unknown platform.assign.web-1",
      "metal.assign-unknown platform.assign.web-9",
      "metal.cold-without-controller pools.web.standby.cold",
      "metal.server-twice platform.servers.s2.address",
      "metal.server-twice platform.servers.s2.ssh",
      "metal.server-twice platform.servers.s2.ssh.hostKey",
      "metal.subnet-needed network.subnet",
      "metal.too-few-servers platform.servers",
      "metal.virtual-address-needed network.virtualAddress",
    ]);
  });

  test.each([
    ["192.0.3.1", "192.0.3.1 is outside of network.subnet (192.0.2.0/24)"],
    ["192.0.2.0", "192.0.2.0 is the network's own (192.0.2.0/24)"],
    ["192.0.2.255", "192.0.2.255 is the network's broadcast address (192.0.2.0/24)"],
  ])("has no address %s", (address, message) => {
    expect(found({ servers: { ...servers([{}, {}]), s3: server(3, { address }) } })).toEqual([
      ["metal.address-unfit", "platform.servers.s3.address", message],
    ]);
  });

  test("has a virtual address that no server has, neither in the cluster's network nor for SSH", () => {
    const network = { subnet: "192.0.2.0/24", virtualAddress: "192.0.2.12" };
    expect(found({}, { network })).toEqual([
      [
        "metal.virtual-address-taken",
        "network.virtualAddress",
        "192.0.2.12 is the address of s2, and has to move between servers",
      ],
    ]);
  });

  test("may stand in small networks, which the kit's own layout couldn't", () => {
    const network = { subnet: "192.0.2.8/29", virtualAddress: "192.0.2.14" };
    expect(found({}, { network })).toEqual([]);
  });

  test("has pools whose ports are not the balancer's on the same server, and free ones elsewhere", () => {
    const pools = { web: { active: 3, port: 80 } };
    expect(found({}, { pools })).toEqual([
      [
        "metal.port-shared",
        "pools.web.port",
        "80 is a port of the balancer, which stands on s1 beside web-2",
      ],
    ]);
    expect(found({ servers: servers([{}, {}, {}, {}, {}]) }, { pools })).toEqual([]);
  });

  test.each([
    ["ssh-ed25519", "is no public key of a host"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----", "is no public key of a host"],
  ])("names a host key that is one, not %s", (hostKey, message) => {
    const wrong = server(3, { ssh: { host: "192.0.2.13", user: "admin", hostKey } });
    const [problem] = found({ servers: { ...servers([{}, {}]), s3: wrong } });
    expect(problem?.[1]).toBe("platform.servers.s3.ssh.hostKey");
    expect(problem?.[2]).toContain(message);
  });

  test("may assign a pair to one rack where there is no other", () => {
    const assign = { "lb-1": "s1", "lb-2": "s2" };
    expect(found({ assign, servers: servers([{ rack: "a" }, { rack: "a" }, { rack: "a" }]) })).toEqual([]);
    const [problem] = found({ assign, servers: servers([{ rack: "a" }, { rack: "a" }, { rack: "b" }]) });
    expect(problem?.slice(0, 2)).toEqual(["metal.balancers-in-one-rack", "platform.assign.lb-2"]);
  });

  test("has a server alone for each cold standby, which a controller switches on", () => {
    const pools = { web: { active: 3, standby: { cold: 1 } } };
    const bmc = { kind: "redfish", host: "192.0.2.114", account: { secret: "bmc" } };
    expect(found({ servers: servers([{}, {}, {}, { bmc }]) }, { pools })).toEqual([]);
    expect(found({ servers: servers([{}, {}, {}, {}]) }, { pools })).toEqual([
      [
        "metal.cold-without-controller",
        "pools.web.standby.cold",
        "1 cold standby needs a server that a management controller switches on; none has one",
      ],
    ]);
    expect(found({ servers: servers([{}, {}, { bmc }]) }, { pools }).map(([code]) => code)).toEqual([
      "metal.too-few-servers",
    ]);
    expect(
      found(
        { servers: servers([{}, {}, {}, { bmc }]), assign: { "web-cold-1": "s4", "lb-1": "s4" } },
        { pools },
      ),
    ).toEqual([
      [
        "metal.cold-not-alone",
        "platform.assign.web-cold-1",
        "s4 is assigned to lb-1 as well, and a cold standby is a server that is switched off",
      ],
    ]);
  });

  test("names each management controller once", () => {
    const bmc = { kind: "redfish", host: "192.0.2.114", account: { secret: "bmc" } };
    const twice = servers([{}, { bmc }, { bmc }]);
    expect(found({ servers: twice })).toEqual([
      ["metal.server-twice", "platform.servers.s3.bmc", "192.0.2.114 is that of s2"],
    ]);
    expect(found({ servers: servers([{}, { bmc }, { bmc: { ...bmc, port: 8443 } }]) })).toEqual([]);
  });
});
