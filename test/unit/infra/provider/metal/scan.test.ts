import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { serverFilesType, serverType } from "../../../../../components/platform/metal/types.ts";
import { Provider } from "../../../../../infra/provider/metal/provider.ts";
import { type Bag, fromStruct, toStruct } from "../../../../../infra/provider/metal/values.ts";
import { type PersonaName, personas } from "../../../../../scripts/lab/controller/persona.ts";
import { mark, secret, ssh } from "../../../../support/metal/asked.ts";
import { type Bench, bench, endBenches } from "../../../../support/metal/controller.ts";
import { FakeSsh } from "../../../../support/metal/fake-ssh.ts";

// A computer with much else to do may take its time.
vi.hoisted(() => {
  process.env.HOTSPARE_LOOK = "30000";
});

/* Many servers at once, as an engine asks for them. HOTSPARE_CONTROLLERS says how many. */

const count = Number(process.env.HOTSPARE_CONTROLLERS ?? 40);
/** Questions that Pulumi's engine has open at once, for each of two processors four. */
const width = 8;
const names = Object.keys(personas) as PersonaName[];
const urn = (type: string, name: string) =>
  `urn:pulumi:shop::hotspare::hotspare:index:Cluster$${type}::${name}`;

let fake: FakeSsh;
let methods: Provider["methods"];
let warnings: string[];

beforeEach(() => {
  fake = new FakeSsh();
  warnings = [];
  methods = new Provider({ warn: async (_, text) => void warnings.push(text) }).methods;
});
afterEach(async () => {
  fake.end();
  await endBenches();
});

const inputsFor = ({ controller: { kind, host, port, certificate } }: Bench): Bag => {
  const bmc = { kind, host, port, certificate, account: { secret: "bmc" }, onDelete: "as-found" };
  return { ssh, serial: "SN1", mark, power: "on", bmc, account: secret("operator:hush"), labels: {} };
};

/** Does something with each, so many at once. */
async function each<T>(all: readonly T[], work: (one: T, index: number) => Promise<void>): Promise<void> {
  const left = all.map((one, index) => [one, index] as const);
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await work(...next);
    }),
  );
}

test(
  `of ${count} servers those are found that somebody has switched off, and no others`,
  async () => {
    fake.answer("facts", { out: `serial SN1\nsystem debian 13\nmark ${mark.owner} ${mark.stack}\n` });
    const made: Bench[] = [];
    for (let number = 0; number < count; number++)
      made.push(
        await bench({ lit: number % 10 !== 3, persona: personas[names[number % names.length] ?? "generic"] }),
      );
    const off: number[] = [];
    const begun = performance.now();
    await each(made, async (one, number) => {
      const inputs = toStruct(inputsFor(one));
      const request = new pb.ReadRequest().setUrn(urn(serverType, `s${number}`)).setId("SN1");
      const answer = await methods.read(request.setInputs(inputs).setProperties(inputs));
      if (fromStruct(answer.getInputs()).power === "off") off.push(number);
    });
    const took = performance.now() - begun;
    expect(warnings).toEqual([]);
    expect(off.sort((a, b) => a - b)).toEqual(
      made.flatMap((_, number) => (number % 10 === 3 ? [number] : [])),
    );
    expect(made.every(({ lamp }) => lamp.presses === 0)).toBe(true);
    if (process.env.HOTSPARE_CONTROLLERS !== undefined)
      process.stdout.write(
        `${count} servers looked at in ${Math.round(took)} ms; ${Math.round(process.memoryUsage().rss / 1e6)} MB with their controllers\n`,
      );
  },
  30_000 + count * 500,
);

describe("another server than the one that is meant", () => {
  const files = {
    ...{ ssh, mark, server: "SN1", key: "web-1", address: "192.0.2.11", card: "eth0", release: 12 },
    ...{ programs: "none", packages: [], units: [], files: { "/etc/hotspare/a": "a" }, secretFiles: {} },
    ...{ ports: [], balancers: {}, virtual: null, health: null, labels: {} },
    pace: { drain: 10, patience: 10 },
  };

  /** Everything that changes something, on a server that a controller switches. */
  const orders: Readonly<Record<string, (inputs: Bag, delivered: Bag) => Promise<unknown>>> = {
    create: (inputs) =>
      methods.create(new pb.CreateRequest().setUrn(urn(serverType, "s")).setProperties(toStruct(inputs))),
    update: (inputs) =>
      methods.update(
        new pb.UpdateRequest()
          .setUrn(urn(serverType, "s"))
          .setId("SN1")
          .setOlds(toStruct(inputs))
          .setOldInputs(toStruct({ ...inputs, power: "off" }))
          .setNews(toStruct(inputs)),
      ),
    remove: (inputs) =>
      methods.delete(
        new pb.DeleteRequest()
          .setUrn(urn(serverType, "s"))
          .setId("SN1")
          .setOldInputs(toStruct(inputs))
          .setProperties(toStruct({ ...inputs, foundPower: "off" })),
      ),
    deliver: (_, delivered) =>
      methods.create(
        new pb.CreateRequest().setUrn(urn(serverFilesType, "f")).setProperties(toStruct(delivered)),
      ),
    "take away": (_, delivered) =>
      methods.delete(
        new pb.DeleteRequest()
          .setUrn(urn(serverFilesType, "f"))
          .setId("SN1/web-1")
          .setOldInputs(toStruct(delivered)),
      ),
  };

  test("is never written to and never switched, a hundred times of a hundred", async () => {
    let refused = 0;
    const tries = Array.from({ length: 100 }, (_, number) => number);
    // As the program on a server answers that is another one.
    for (const verb of ["claim", "release", "deliver", "look", "remove", "rivals"])
      fake.answer(verb, { err: "it is the server SN2 and not SN1, so nothing was changed", code: 3 });
    fake.answer("facts", { out: `serial SN2\nmark ${mark.owner} ${mark.stack}\n` });
    const benches = await Promise.all(
      names.flatMap((name) =>
        [true, false].map((lit) => bench({ lit, persona: personas[name], serial: "SN2" })),
      ),
    );
    await each(tries, async (number) => {
      const one = benches[number % benches.length];
      if (one === undefined) throw new Error("there is none");
      const inputs = inputsFor(one);
      const { bmc, account } = inputs;
      const standby = { ...files, bmc, account, controllerSerial: "SN1" };
      const [, order] = Object.entries(orders)[number % Object.keys(orders).length] ?? [];
      await order?.(inputs, number % 2 === 0 ? files : standby).then(
        () => {},
        () => refused++,
      );
    });
    expect(refused).toBe(100);
    expect(benches.map(({ lamp }) => lamp.presses)).toEqual(benches.map(() => 0));
    // Whatever changes something carries the number that it is meant for, and the program there compares it.
    const asked = fake.calls.split("\n").map((line) => line.replaceAll(/['\\]/g, ""));
    const changing = asked.filter((line) => / (claim|release|deliver|remove) /.test(line));
    expect(changing.length).toBeGreaterThan(0);
    expect(changing.filter((line) => !line.includes("--serial SN1"))).toEqual([]);
  }, 60_000);
});
