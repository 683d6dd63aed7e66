import { type ServerInputs, serverFacts } from "../../../components/platform/metal/types.ts";
import { callHost, changeTimeout, factsOf, type HostCall, lookTimeout } from "./host.ts";
import type { Call, Kind } from "./kind.ts";
import type { Bag } from "./values.ts";

const inputsOf = (bag: Bag) => bag as unknown as ServerInputs;

const looking = (inputs: Bag, { signal }: Call): HostCall => ({
  target: inputsOf(inputs).ssh,
  serial: null,
  timeout: lookTimeout,
  signal,
});
const changing = (inputs: Bag, call: Call, serial: string): HostCall => ({
  ...looking(inputs, call),
  serial,
  timeout: changeTimeout,
});

const found = ({ serial = "", ...facts }: Readonly<Record<string, string>>): Bag => ({
  ...Object.fromEntries(serverFacts.map((name) => [name, facts[name] ?? ""])),
  foundSerial: serial,
});

/**
 * A server of somebody's. Its serial number is its id: another machine behind the address is never written to. What it carries is a
 * resource each of the other type.
 */
export const serverKind: Kind = {
  replacing: ["serial"],
  found: serverFacts,
  added: () => ({}),
  problems: () => [],
  async create(inputs, call) {
    const { serial, ssh } = inputsOf(inputs);
    const facts = await factsOf({ ...looking(inputs, call), timeout: 30_000 });
    const there = facts.serial ?? "";
    if (serial !== null && serial !== there)
      throw new Error(
        `${ssh.name}: ${ssh.host} is the server ${there}, not ${serial}, so nothing was done; correct platform.servers.${ssh.name}`,
      );
    await claim(inputs, call, there);
    return { id: there, found: found(facts) };
  },
  async read(_, inputs, call) {
    const facts = await factsOf(looking(inputs, call));
    const { serial, mark } = inputsOf(inputs);
    const [owner = "", stack = ""] = (facts.mark ?? "").split(" ");
    const known = owner === mark.owner && stack === mark.stack;
    return {
      inputs: {
        ...inputs,
        // Another server is no reason to replace: the update that follows refuses, and says so.
        serial: serial === null ? null : facts.serial,
        mark: known ? mark : { owner, stack },
      },
      found: found(facts),
    };
  },
  async update(id, _, news, call) {
    await claim(news, call, id);
    return found(await factsOf({ ...looking(news, call), timeout: 30_000 }));
  },
  async remove(id, inputs, call) {
    await callHost(changing(inputs, call, id), ["release"]);
  },
};

async function claim(inputs: Bag, call: Call, serial: string): Promise<void> {
  const { owner, stack } = inputsOf(inputs).mark;
  await callHost(changing(inputs, call, serial), ["claim", owner, stack]);
}
