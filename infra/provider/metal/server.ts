import { controllerFacts, type ServerInputs, serverFacts } from "../../../components/platform/metal/types.ts";
import { callHost, changeTimeout, factsOf, type HostCall, lookTimeout } from "./host.ts";
import type { Call, Kind } from "./kind.ts";
import {
  offIfNobodys,
  offIfRefused,
  offUnlessItServes,
  powerFacts,
  powerSeen,
  type ServerWay,
  switchOff,
  switchOn,
} from "./switching.ts";
import { type Bag, same } from "./values.ts";

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

type Facts = Readonly<Record<string, string>>;

const found = ({ serial = "", ...facts }: Facts, ofController: Bag): Bag => ({
  ...Object.fromEntries(serverFacts.map((name) => [name, facts[name] ?? ""])),
  foundSerial: serial,
  ...Object.fromEntries(controllerFacts.map((name) => [name, ofController[name] ?? ""])),
});

/** How it is switched. The controller's own serial number counts where it is known: not every one says what the system finds. */
function wayOf(inputs: Bag, { recorded }: Call): ServerWay {
  const { serial, ...way } = inputsOf(inputs);
  const known = recorded.controllerSerial;
  return { ...way, serial: typeof known === "string" && known !== "" ? known : serial };
}

/**
 * A server of somebody's. Its serial number is its id: another machine behind the address is never written to. What it carries is a
 * resource each of the other type.
 */
export const serverKind: Kind = {
  replacing: ["serial"],
  found: [...serverFacts, ...controllerFacts],
  added: () => ({}),
  problems: () => [],
  async create(inputs, call) {
    const { serial, ssh, bmc } = inputsOf(inputs);
    const way = wayOf(inputs, call);
    const wasOff = bmc !== undefined && (await switchOn(way, call));
    const facts = await factsOf({ ...looking(inputs, call), timeout: 30_000 });
    const there = facts.serial ?? "";
    if (serial !== null && serial !== there)
      throw new Error(
        `${ssh.name}: ${ssh.host} is the server ${there}, not ${serial}, so nothing was done; correct platform.servers.${ssh.name}`,
      );
    const compare = () => controllerOf(inputs, there, call);
    const ofController = await (wasOff ? offIfNobodys(way, call, compare) : compare());
    await tellClock(facts, inputs, call);
    const take = () => claim(inputs, call, there);
    await (wasOff ? offIfRefused(way, call, take) : take());
    const foundPower = bmc === undefined ? "" : wasOff ? "off" : "on";
    return { id: there, found: found(facts, { ...ofController, foundPower }) };
  },
  async read(_, inputs, call) {
    const { serial, mark, bmc, power } = inputsOf(inputs);
    const ask = () => factsOf(looking(inputs, call));
    // Side by side: a preview waits for the slower one. But a cold standby is mostly off, and SSH would take its time to say nothing.
    const [seen, asked] = await Promise.allSettled([
      bmc === undefined ? null : powerSeen(wayOf(inputs, call), call),
      power === "standby" ? null : ask(),
    ]);
    const status = seen.status === "fulfilled" ? seen.value : null;
    if (seen.status === "rejected")
      await call.warn(`its power is as recorded: ${(seen.reason as Error).message}`);
    const { health } = { ...call.recorded, ...(status === null ? {} : { health: status.health }) };
    // It tells nothing of itself then. A cold standby may be off or on, whoever switched it.
    if (status?.power === "off")
      return {
        inputs: power === "standby" ? inputs : { ...inputs, power: "off" },
        found: { ...recordedFacts(call), health },
      };
    if (asked.status === "rejected") throw asked.reason;
    const facts = asked.value ?? (await ask());
    const [owner = "", stack = ""] = (facts.mark ?? "").split(" ");
    const known = owner === mark.owner && stack === mark.stack;
    return {
      inputs: {
        ...inputs,
        // Another server is no reason to replace: the update that follows refuses, and says so.
        serial: serial === null ? null : facts.serial,
        mark: known ? mark : { owner, stack },
      },
      found: found(facts, { ...call.recorded, health }),
    };
  },
  async update(id, olds, news, call) {
    const { bmc, power, carries } = inputsOf(news);
    const way = wayOf(news, call);
    const isOff = bmc !== undefined && (await powerSeen(way, call)).power === "off";
    // What is told to a cold standby it has been told, unless it is to be somebody else's.
    if (isOff && power === "standby" && same(olds.mark, news.mark)) return recordedFacts(call);
    if (isOff) await switchOn(way, call);
    await claim(news, call, id);
    const facts = await factsOf({ ...looking(news, call), timeout: 30_000 });
    if (bmc === undefined) return found(facts, {});
    const ofController = await controllerOf(news, id, call);
    // A controller that is named for the first time finds the server as it is.
    const foundPower = call.recorded.foundPower || (isOff ? "off" : "on");
    if (isOff && power === "standby")
      await (carries === undefined ? switchOff(way, call) : offUnlessItServes(way, carries, call));
    return found(facts, { ...ofController, foundPower });
  },
  async remove(id, inputs, call) {
    const { bmc, keepPackages } = inputsOf(inputs);
    const way = wayOf(inputs, call);
    if (bmc !== undefined) await switchOn(way, call);
    await callHost(changing(inputs, call, id), ["release", ...(keepPackages ? ["keep-packages"] : [])]);
    if (bmc !== undefined && (bmc.onDelete === "off" || call.recorded.foundPower === "off"))
      await switchOff(way, call);
  },
};

const recordedFacts = ({ recorded }: Call): Bag =>
  Object.fromEntries([...serverFacts, ...controllerFacts].map((name) => [name, recorded[name] ?? ""]));

/**
 * What the controller tells, and whether it is this server's: a cable in another socket, or a wrong line in the stack, would let one
 * server's fence hit another.
 */
async function controllerOf(inputs: Bag, serial: string, call: Call): Promise<Bag> {
  const { ssh, bmc } = inputsOf(inputs);
  if (bmc === undefined) return {};
  const { serials, health, firmware, controller } = await powerFacts(wayOf(inputs, call), call);
  const [first] = serials;
  // A virtual machine or a container has a machine's id instead, which no controller knows.
  const comparable = first !== undefined && !/^[0-9a-f]{32}$/.test(serial);
  if (comparable && !serials.some((one) => one.toLowerCase() === serial.toLowerCase()))
    throw new Error(
      `${ssh.name}: ${ssh.host} is the server ${serial}, and the controller at ${bmc.host} is that of ${first}; correct platform.servers.${ssh.name}.bmc`,
    );
  return { controllerSerial: first ?? "", health, firmware, controller };
}

/** Seconds. Beyond it packages' signatures, certificates and leases aren't valid yet, or any more. */
const clockTolerance = 60;

async function tellClock({ time }: Readonly<Record<string, string>>, inputs: Bag, call: Call): Promise<void> {
  const ahead = Number(time) - Date.now() / 1000;
  if (!(Math.abs(ahead) > clockTolerance)) return;
  const off = `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead of" : "behind"}`;
  await call.warn(
    `${inputsOf(inputs).ssh.name}: its clock is ${off} this machine's, so certificates and packages may be refused; let it follow NTP: \`systemctl enable --now systemd-timesyncd\``,
  );
}

async function claim(inputs: Bag, call: Call, serial: string): Promise<void> {
  const { owner, stack } = inputsOf(inputs).mark;
  await callHost(changing(inputs, call, serial), ["claim", owner, stack]);
}
