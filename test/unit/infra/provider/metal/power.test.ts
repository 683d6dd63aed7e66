import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serverFilesType, serverType } from "../../../../../components/platform/metal/types.ts";
import { Provider } from "../../../../../infra/provider/metal/provider.ts";
import { type Bag, fromStruct, toStruct } from "../../../../../infra/provider/metal/values.ts";
import type { RedfishEmulator } from "../../../../../scripts/lab/controller/emulator.ts";
import type { Lamp } from "../../../../../scripts/lab/controller/machine.ts";
import { mark, secret, ssh } from "../../../../support/metal/asked.ts";
import { bench, endBenches } from "../../../../support/metal/controller.ts";
import { FakeSsh } from "../../../../support/metal/fake-ssh.ts";

/* Servers with a management controller: an emulated one in this process, and an `ssh` that says what the test wants. */

const urn = (type: string) => `urn:pulumi:shop::hotspare::hotspare:index:Cluster$${type}::it`;

let fake: FakeSsh;
let warnings: string[];
let methods: Provider["methods"];
let lamp: Lamp;
let emulator: RedfishEmulator;
let server: Bag;
let files: Bag;

/** @param lit whether the server is on at first */
async function begin(lit: boolean, power: "on" | "standby", onDelete = "as-found"): Promise<void> {
  const made = await bench({ lit });
  ({ lamp, emulator } = made);
  const { kind, host, port, certificate } = made.controller;
  const bmc = { kind, host, port, certificate, account: { secret: "bmc" }, onDelete };
  const account = secret("operator:hush");
  server = { ssh, serial: "SN1", mark, power, bmc, account, labels: {} };
  files = {
    ...{ ssh, mark, bmc, account, server: "SN1", key: "web-cold-1", address: "192.0.2.11", card: "eth0" },
    ...{ release: 12, programs: "none", packages: [], units: [], files: { "/etc/hotspare/a": "a" } },
    ...{ secretFiles: {}, ports: [], balancers: {}, virtual: null, health: null, labels: {} },
    ...{ pace: { drain: 1000, patience: 1000 }, controllerSerial: "SN1" },
  };
  fake.answer("facts", { out: "serial SN1\nsystem debian 13\nmark 0123abcd shop\n" });
}

beforeEach(() => {
  fake = new FakeSsh();
  warnings = [];
  methods = new Provider({ warn: async (_, text) => void warnings.push(text) }).methods;
});
afterEach(async () => {
  fake.end();
  await endBenches();
});

async function create(type: string, inputs: Bag): Promise<Bag> {
  const answer = await methods.create(
    new pb.CreateRequest().setUrn(urn(type)).setProperties(toStruct(inputs)),
  );
  return fromStruct(answer.getProperties());
}

async function read(type: string, inputs: Bag, outputs: Bag = inputs) {
  const request = new pb.ReadRequest().setUrn(urn(type)).setId("SN1");
  const answer = await methods.read(request.setInputs(toStruct(inputs)).setProperties(toStruct(outputs)));
  return { inputs: fromStruct(answer.getInputs()), outputs: fromStruct(answer.getProperties()) };
}

async function update(type: string, olds: Bag, news: Bag, outputs: Bag = olds): Promise<Bag> {
  const request = new pb.UpdateRequest().setUrn(urn(type)).setId("SN1").setOlds(toStruct(outputs));
  const answer = await methods.update(request.setOldInputs(toStruct(olds)).setNews(toStruct(news)));
  return fromStruct(answer.getProperties());
}

async function remove(type: string, inputs: Bag, outputs: Bag = inputs): Promise<void> {
  const request = new pb.DeleteRequest().setUrn(urn(type)).setId("SN1");
  await methods.delete(request.setOldInputs(toStruct(inputs)).setProperties(toStruct(outputs)));
}

async function checked(inputs: Bag): Promise<Bag> {
  const request = new pb.CheckRequest().setUrn(urn(serverFilesType)).setNews(toStruct(inputs));
  return fromStruct((await methods.check(request)).getInputs());
}

describe("a server that is to be on", () => {
  test("is switched on, and it is kept how it was found", async () => {
    await begin(false, "on");
    const outputs = await create(serverType, server);
    expect(lamp.lit).toBe(true);
    expect(outputs).toMatchObject({
      foundPower: "off",
      controllerSerial: "SN1",
      health: "ok",
      controller: "BMC 1.50",
    });
    // The account is as secret in the state as it was.
    expect(outputs.account).toEqual(server.account);
    expect(JSON.stringify(outputs).split("hush").length).toBe(2);
  });

  test("and was switched off by somebody is a difference, which the next up repairs", async () => {
    await begin(true, "on");
    const outputs = await create(serverType, server);
    lamp.lit = false;
    fake.answer("facts", { err: "ssh: connect to host 192.0.2.11 port 22: No route to host", code: 255 });
    const seen = await read(serverType, server, outputs);
    expect(seen.inputs).toEqual({ ...server, power: "off" });
    // What it told when it was on is still known.
    expect(seen.outputs).toMatchObject({ system: "debian 13", foundPower: "on" });
    fake.answer("facts", { out: "serial SN1\nmark 0123abcd shop\n" });
    expect(await update(serverType, seen.inputs, server, seen.outputs)).toMatchObject({ foundPower: "on" });
    expect(lamp.lit).toBe(true);
  });

  test("whose controller is silent warns after two seconds, and what is recorded counts", async () => {
    await begin(true, "on");
    const outputs = await create(serverType, server);
    emulator.fault = () => "silence";
    const begun = performance.now();
    const seen = await read(serverType, server, outputs);
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(seen.inputs).toEqual(server);
    expect(seen.outputs).toMatchObject({ foundPower: "on", health: "ok" });
    expect(warnings).toEqual([
      expect.stringMatching(/^its power is as recorded: s1: its controller .*has not answered within 2 s/),
    ]);
  });

  test.each([
    ["off", "as-found", false],
    ["on", "as-found", true],
    ["on", "off", false],
  ])(
    "and was found %s is, with onDelete %s, lit: %s when it is let go",
    async (foundPower, onDelete, lit) => {
      await begin(true, "on", onDelete);
      await remove(serverType, server, { ...server, foundPower, controllerSerial: "SN1" });
      expect(fake.verbs).toEqual(["release"]);
      expect(lamp.lit).toBe(lit);
    },
  );

  test("keeps the packages that came with the kit where the stack says so", async () => {
    await begin(true, "on");
    await remove(serverType, { ...server, keepPackages: true }, { ...server, foundPower: "on" });
    expect(fake.calls).toMatch(/release\W+keep-packages/);
  });

  test("has the controller of the server that SSH leads to, and no other's", async () => {
    await begin(true, "on");
    fake.answer("facts", { out: "serial SN2\nmark 0123abcd shop\n" });
    await expect(create(serverType, { ...server, serial: null })).rejects.toThrow(
      "s1: 192.0.2.11 is the server SN2, and the controller at 127.0.0.1 is that of SN1; correct platform.servers.s1.bmc",
    );
    expect(fake.verbs).toEqual(["facts"]);
  });

  test.each([
    [false, false],
    [true, true],
  ])("and was lit: %s, is so again when it belongs to another stack", async (lit, after) => {
    await begin(lit, "on");
    fake.answer("claim", { err: 'it belongs to the stack "other"', code: 3 });
    await expect(create(serverType, server)).rejects.toThrow('s1: it belongs to the stack "other"');
    expect(lamp.lit).toBe(after);
  });

  test("that doesn't answer after it was switched on is told why by its controller", async () => {
    await begin(false, "on");
    fake.answer("facts", { err: "Permission denied (publickey).", code: 255 });
    emulator.condition.progress = "OSBootStarted";
    await expect(create(serverType, server)).rejects.toThrow(
      /doesn't let admin in; .*; it was switched on, and its controller says: its boot loader runs and the system hasn't started/,
    );
  });
});

describe("a server without a serial number that was off", () => {
  test("is off again when it doesn't answer: it may be somebody else's", async () => {
    await begin(false, "on");
    fake.answer("facts", { err: "Permission denied (publickey).", code: 255 });
    await expect(create(serverType, { ...server, serial: null })).rejects.toThrow(
      /doesn't let admin in; .*; it was off and is again, since nothing tells whether it is the one that is meant: correct platform\.servers\.s1\.bmc, or name platform\.servers\.s1\.serial$/,
    );
    expect([lamp.lit, lamp.presses]).toEqual([false, 2]);
  });

  test("is off again when its controller is that of another", async () => {
    await begin(false, "on");
    fake.answer("facts", { out: "serial SN2\nmark 0123abcd shop\n" });
    await expect(create(serverType, { ...server, serial: null })).rejects.toThrow(
      /is that of SN1; correct platform\.servers\.s1\.bmc; it was off and is again/,
    );
    expect([lamp.lit, lamp.presses]).toEqual([false, 2]);
  });

  test("stays on when it is the one that SSH leads to", async () => {
    await begin(false, "on");
    expect(await create(serverType, { ...server, serial: null })).toMatchObject({ foundPower: "off" });
    expect(lamp.lit).toBe(true);
  });
});

describe("a cold standby", () => {
  test("is switched on for its files, and comes out switched off", async () => {
    await begin(false, "standby");
    await create(serverFilesType, await checked(files));
    expect(fake.verbs).toEqual(["facts", "deliver"]);
    expect([lamp.lit, lamp.presses]).toEqual([false, 2]);
  });

  test("comes out switched off also when it was found on", async () => {
    await begin(true, "standby");
    await create(serverFilesType, await checked(files));
    expect(lamp.lit).toBe(false);
  });

  test("is no difference, whether it is off or on", async () => {
    await begin(false, "standby");
    const inputs = await checked(files);
    expect((await read(serverType, server, { ...server, system: "debian 13" })).outputs.system).toBe(
      "debian 13",
    );
    expect((await read(serverFilesType, inputs)).inputs).toEqual(inputs);
    expect(fake.verbs.filter((verb) => verb !== "facts")).toEqual([]);
    lamp.lit = true;
    fake.answer("look", { out: `${inputs.digest}\n` });
    expect((await read(serverType, server)).inputs).toEqual(server);
    expect((await read(serverFilesType, inputs)).inputs).toEqual(inputs);
  });

  test("gets new files and is off again, also when it refuses them", async () => {
    await begin(false, "standby");
    const [olds, news] = [
      await checked(files),
      await checked({ ...files, files: { "/etc/hotspare/a": "b" } }),
    ];
    fake.answer("look", { out: "another\n" });
    await update(serverFilesType, olds, news);
    expect(fake.verbs).toEqual(["facts", "look", "deliver"]);
    expect(lamp.lit).toBe(false);
    fake.answer("deliver", { err: "no space", code: 4 });
    await expect(update(serverFilesType, olds, news)).rejects.toThrow("s1: no space");
    expect(lamp.lit).toBe(false);
  });

  test.each([
    ["in rotation", { role: "standby", desiredRole: "cold", inRotation: true }, true],
    ["put in place of another", { role: "active", desiredRole: "cold", inRotation: false }, true],
    ["out of service", { role: "cold", desiredRole: "cold", inRotation: false }, false],
  ])("that is %s afterwards stays as it is needed", async (_, roles, lit) => {
    await begin(false, "standby");
    const member = { key: "web-cold-1", healthy: true, inFlight: 0, ...roles };
    fake.answer("none", { out: JSON.stringify({ pools: { web: { members: [member] } } }) });
    const balancers = { "lb-1": { ...ssh, name: "s2", host: "192.0.2.12" } };
    const inputs = await checked({ ...files, balancers });
    await create(serverFilesType, inputs);
    expect(lamp.lit).toBe(lit);
    lamp.lit = false;
    fake.answer("look", { out: "another\n" });
    await update(serverFilesType, inputs, await checked({ ...inputs, files: { "/etc/hotspare/a": "b" } }));
    expect(lamp.lit).toBe(lit);
    expect(new Set(warnings)).toEqual(
      new Set(
        lit
          ? [
              "web-cold-1 stays on, since it serves in place of another node; wardens switch it off when that is back",
            ]
          : [],
      ),
    );
  });

  test.each([
    ["serves by then", true],
    ["is out of service", false],
  ])("that is told whose it is and %s, is lit: %s", async (_, lit) => {
    await begin(false, "standby");
    const member = {
      key: "web-cold-1",
      healthy: true,
      inFlight: 0,
      desiredRole: "cold",
      inRotation: lit,
      role: lit ? "active" : "cold",
    };
    fake.answer("none", { out: JSON.stringify({ pools: { web: { members: [member] } } }) });
    const carries = { key: "web-cold-1", balancers: { "lb-1": { ...ssh, name: "s2", host: "192.0.2.12" } } };
    await update(
      serverType,
      { ...server, carries },
      { ...server, carries, mark: { ...mark, stack: "other" } },
    );
    expect(fake.verbs.at(-1)).toBe("facts");
    expect(lamp.lit).toBe(lit);
  });

  test("isn't switched on for what changes nothing on it", async () => {
    await begin(false, "standby");
    const inputs = await checked(files);
    await update(serverFilesType, inputs, { ...inputs, ssh: { ...ssh, port: 2222 } });
    await update(serverType, server, { ...server, labels: { other: "label" } });
    expect([lamp.presses, fake.verbs]).toEqual([0, []]);
  });

  test("is switched on for what is removed, and then as it was found", async () => {
    await begin(false, "standby");
    await remove(serverFilesType, await checked(files));
    expect(lamp.lit).toBe(true);
    await remove(serverType, server, { ...server, foundPower: "off" });
    expect(fake.verbs).toEqual(["facts", "remove", "release"]);
    expect(lamp.lit).toBe(false);
  });
});
