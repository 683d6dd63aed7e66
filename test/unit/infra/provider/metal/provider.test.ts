import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serverFilesType, serverType } from "../../../../../components/platform/metal/types.ts";
import { Provider } from "../../../../../infra/provider/metal/provider.ts";
import { type Bag, fromStruct, toStruct, unknown } from "../../../../../infra/provider/metal/values.ts";
import { mark, secret, ssh } from "../../../../support/metal/asked.ts";
import { FakeSsh } from "../../../../support/metal/fake-ssh.ts";

/* The provider by its protocol, with an `ssh` that says what the test wants. */

const server: Bag = { ssh, serial: null, mark, labels: {} };
const files: Bag = {
  ssh,
  mark,
  server: "SN1",
  key: "web-1",
  address: "192.0.2.11",
  card: "eth0",
  release: 12,
  programs: "none",
  packages: ["nodejs"],
  units: ["hotspare-node.service"],
  files: { "/etc/hotspare/node.env": "PORT=8080\n" },
  secretFiles: secret({ "/etc/hotspare/node-secrets.env": "TOKEN=hush\n" }),
  ports: [8080],
  balancers: {},
  virtual: null,
  pace: { drain: 1000, patience: 1000 },
  health: null,
  labels: {},
};
const urn = (type: string) => `urn:pulumi:shop::hotspare::hotspare:index:Cluster$${type}::it`;
const facts = (serial: string, owner = "0123abcd shop") => ({
  out: `serial ${serial}\nsystem debian 13\nmark ${owner}\n`,
});

let fake: FakeSsh;
let warnings: string[];
let methods: Provider["methods"];

beforeEach(() => {
  fake = new FakeSsh();
  warnings = [];
  methods = new Provider({ warn: async (_, text) => void warnings.push(text) }).methods;
});
afterEach(() => fake.end());

async function checked(inputs: Bag): Promise<Bag> {
  const request = new pb.CheckRequest().setUrn(urn(serverFilesType)).setNews(toStruct(inputs));
  return fromStruct((await methods.check(request)).getInputs());
}

async function diff(type: string, id: string, olds: Bag, news: Bag) {
  const request = new pb.DiffRequest()
    .setUrn(urn(type))
    .setId(id)
    .setOldInputs(toStruct(olds))
    .setNews(toStruct(news));
  const answer = await methods.diff(request);
  return { changed: answer.getDiffsList(), replaced: answer.getReplacesList() };
}

describe("the digest of what is sent", () => {
  const digest = async (change: Bag) => (await checked({ ...files, ...change })).digest;

  test("is another one for other files, packages or programs, and the same for other secrets", async () => {
    const first = await digest({});
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(await digest({})).toBe(first);
    expect(await digest({ files: { "/etc/hotspare/node.env": "PORT=8081\n" } })).not.toBe(first);
    expect(await digest({ packages: [] })).not.toBe(first);
    expect(await digest({ programs: "sample" })).not.toBe(first);
    // Who reads a state could guess a secret by it.
    expect(await digest({ secretFiles: secret({ "/etc/hotspare/node-secrets.env": "TOKEN=other\n" }) })).toBe(
      first,
    );
  });

  test("is another one for another standby's controller, and the same for another password of it", async () => {
    const bmc = { kind: "redfish", host: "b1", port: null, account: { secret: "bmc" }, certificate: null };
    const switches = (account: string, host = "b1") => ({
      programs: "switching-warden",
      switches: { "web-cold-1": { server: "s7", bmc: { ...bmc, host }, account, serial: "SN7" } },
    });
    const first = await digest(switches("admin:hush"));
    expect(await digest(switches("admin:other"))).toBe(first);
    expect(await digest(switches("admin:hush", "b2"))).not.toBe(first);
  });

  test("isn't known as long as the files aren't, and secrets stay wrapped", async () => {
    expect(await digest({ files: { a: unknown } })).toBe(unknown);
    expect((await checked(files)).secretFiles).toEqual(files.secretFiles);
  });
});

describe("what a change comes to", () => {
  test("another file is an update in place, another server a replacement", async () => {
    const olds = await checked(files);
    expect(await diff(serverFilesType, "SN1/web-1", olds, olds)).toEqual({ changed: [], replaced: [] });
    expect(await diff(serverFilesType, "SN1/web-1", olds, await checked({ ...files, packages: [] }))).toEqual(
      {
        changed: ["digest", "packages"],
        replaced: [],
      },
    );
    expect((await diff(serverFilesType, "SN1/web-1", olds, { ...olds, server: "SN2" })).replaced).toEqual([
      "server",
    ]);
  });

  test("a server is another one only when the stack itself names another serial number", async () => {
    expect((await diff(serverType, "SN1", server, { ...server, serial: "SN1" })).replaced).toEqual([]);
    expect(
      (await diff(serverType, "SN1", { ...server, serial: "SN1" }, { ...server, serial: "SN2" })).replaced,
    ).toEqual(["serial"]);
  });
});

describe("a server", () => {
  const create = (inputs: Bag, preview = false) =>
    methods.create(
      new pb.CreateRequest().setUrn(urn(serverType)).setProperties(toStruct(inputs)).setPreview(preview),
    );
  const read = (inputs: Bag) =>
    methods.read(
      new pb.ReadRequest()
        .setUrn(urn(serverType))
        .setId("SN1")
        .setInputs(toStruct(inputs))
        .setProperties(toStruct(inputs)),
    );

  test("in a preview is asked nothing", async () => {
    const answer = await create(server, true);
    expect(fromStruct(answer.getProperties()).foundSerial).toBe(unknown);
    expect(fake.verbs).toEqual([]);
  });

  test("is marked, and known by the serial number that it tells", async () => {
    fake.answer("facts", facts("SN1", ""));
    const answer = await create(server);
    expect(answer.getId()).toBe("SN1");
    expect(answer.getRefreshBeforeUpdate()).toBe(true);
    expect(fake.verbs).toEqual(["facts", "claim"]);
    expect(fake.calls).toContain("'--serial' 'SN1' 'claim' '0123abcd' 'shop'".replaceAll("'", `'\\''`));
  });

  test("of another serial number is never written to", async () => {
    fake.answer("facts", facts("SN9"));
    await expect(create({ ...server, serial: "SN1" })).rejects.toThrow(
      "s1: 192.0.2.11 is the server SN9, not SN1, so nothing was done",
    );
    expect(fake.verbs).toEqual(["facts"]);
  });

  test("whose clock is off by an hour is taken, with a warning", async () => {
    fake.answer("facts", { out: `serial SN1\ntime ${Math.round(Date.now() / 1000) - 3600}\nmark \n` });
    await create(server);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^s1: its clock is 36\d\d s behind this machine's, .*let it follow NTP/);
  });

  test.each([
    [
      "mktemp: failed to create directory: No space left on device",
      "s1: its disk is full, so nothing was sent; make room in /var",
    ],
    ["install: cannot create: Read-only file system", "s1: its disk can't be written any more"],
  ])("that says %s is told in the owner's words", async (err, words) => {
    fake.answer("facts", { err, code: 1 });
    await expect(create(server)).rejects.toThrow(words);
  });

  test("that can't be reached gives a warning, and what is recorded counts", async () => {
    fake.answer("facts", { err: "ssh: connect to host 192.0.2.11 port 22: Connection refused", code: 255 });
    const answer = await read(server);
    expect([answer.getId(), fromStruct(answer.getInputs())]).toEqual(["SN1", server]);
    expect(warnings).toEqual([
      "not looked at, so what is recorded counts: s1: nothing answers SSH at 192.0.2.11:22; start sshd there, or correct ssh.port",
    ]);
  });

  test("that another stack has taken is seen as a change of its mark", async () => {
    fake.answer("facts", facts("SN1", "ffff0000 other"));
    expect(fromStruct((await read(server)).getInputs()).mark).toEqual({ owner: "ffff0000", stack: "other" });
  });
});

describe("files of a server", () => {
  const update = async (change: Bag, there: string) => {
    const news = await checked({ ...files, ...change });
    fake.answer("look", { out: `${there === "same" ? news.digest : there}\n` });
    const request = new pb.UpdateRequest()
      .setUrn(urn(serverFilesType))
      .setId("SN1/web-1")
      .setOldInputs(toStruct(await checked(files)))
      .setNews(toStruct(news));
    await methods.update(request);
    return fake.verbs;
  };

  test("are sent with the program that takes them, and never with a secret in an argument", async () => {
    const request = new pb.CreateRequest()
      .setUrn(urn(serverFilesType))
      .setProperties(toStruct(await checked(files)));
    expect((await methods.create(request)).getId()).toBe("SN1/web-1");
    expect(fake.verbs).toEqual(["deliver"]);
    expect(fake.calls).not.toContain("hush");
    // gzip
    expect(fake.input.subarray(0, 2).toString("hex")).toBe("1f8b");
  });

  test("aren't sent again when only the way to the server has changed", async () => {
    expect(await update({ ssh: { ...ssh, port: 2222 } }, "same")).toEqual(["look"]);
  });

  test("are sent again when they were changed there, and when a secret has another value", async () => {
    expect(await update({}, "changed: /etc/hotspare/node.env")).toEqual(["look", "deliver"]);
    expect(await update({ secretFiles: secret({}) }, "same")).toEqual(["look", "deliver", "deliver"]);
  });

  test("come after whoever stands there and is planned no more", async () => {
    fake.answer("rivals", { out: "web-hot-1\n" });
    // Its balancer knows no members, so nobody is told.
    fake.answer("none", { out: "{}" });
    const balancers = { "lb-1": { ...ssh, name: "s2", host: "192.0.2.12" } };
    const request = new pb.CreateRequest()
      .setUrn(urn(serverFilesType))
      .setProperties(toStruct(await checked({ ...files, balancers })));
    await methods.create(request);
    expect(fake.verbs).toEqual(expect.arrayContaining(["rivals", "remove", "deliver"]));
    expect(fake.verbs.at(-1)).toBe("deliver");
    expect(fake.calls).toContain("'remove' 'web-hot-1'".replaceAll("'", `'\\''`));
  });

  test("that are gone are made again by the engine; what was changed there is a difference", async () => {
    const read = async (out: string) => {
      fake.answer("look", { out });
      const inputs = toStruct(await checked(files));
      return methods.read(
        new pb.ReadRequest()
          .setUrn(urn(serverFilesType))
          .setId("SN1/web-1")
          .setInputs(inputs)
          .setProperties(inputs),
      );
    };
    expect((await read("none\n")).getId()).toBe("");
    const changed = fromStruct((await read("stopped: hotspare-node.service\n")).getInputs());
    expect(changed.digest).toBe("stopped: hotspare-node.service");
    expect(changed.secretFiles).toEqual(files.secretFiles);
  });

  test("that a server refuses are an error with its words", async () => {
    fake.answer("deliver", { err: 'something listens on port 8080 already: "apache2"\n', code: 3 });
    const request = new pb.CreateRequest()
      .setUrn(urn(serverFilesType))
      .setProperties(toStruct(await checked(files)));
    await expect(methods.create(request)).rejects.toThrow(
      's1: something listens on port 8080 already: "apache2"',
    );
  });
});
