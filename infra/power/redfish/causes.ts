import { bootOf } from "./boot.ts";
import type { RedfishClient } from "./client.ts";
import { at, type Json, linkOf, linksOf, listOf, objectOf, textOf } from "./json.ts";
import { healthOf, powerOf, type RedfishService } from "./service.ts";
import { progressOf } from "./vendors.ts";

/* Why a server doesn't come up, as far as its controller knows: what is broken first, then where the start stands. */

/** What the standard's words for a start's stages mean when it stays there (DSP2046, `BootProgress.LastState`). */
const stages: readonly (readonly [RegExp, string])[] = [
  [/Processor/i, "it stays at its processors: reseat or exchange one"],
  [/Memory/i, "it stays at its memory: reseat or exchange a module"],
  [/Bus|PCI/i, "it stays at its bus: a card hangs"],
  [
    /SystemHardwareInitializationComplete|InPostDiscoveryComplete/i,
    "its hardware is well, and nothing to start from is found: look at the boot order and the disk",
  ],
  [/SetupEntered/i, "somebody is in its firmware's setup: leave it"],
  [/OSBootStarted/i, "its boot loader runs and the system hasn't started: look at its console"],
  [/FinishedPost|OSRunning|OSBooted/i, "its system runs: look at its network and SSH"],
  [/InPost|UEFI|Initialization/i, "its firmware is still at its self-test"],
];

export async function causesOf(
  client: RedfishClient,
  service: RedfishService,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const system = await service.system(signal);
  const { body, vendor } = system;
  const found: string[] = [];
  // Each look is worth having without the others, e.g. when time is over.
  for (const look of [
    () => partCauses(client, service, body, signal),
    () => driveCauses(client, service, body, signal),
    () => logCauses(client, service, body, signal),
  ])
    found.push(...(await look().catch(() => [])));
  const power = powerOf(body);
  if (power === "off") return [...found, "it is switched off"];
  if (power === "unknown")
    found.push("its controller doesn't know whether it is on: it may be starting anew itself");
  if (power === "turning-off") found.push("it is being switched off");
  const override = bootOf(body, vendor);
  if (override !== "none") found.push(`it is set to start from ${override}, not from its disk`);
  const progress = progressOf(body, vendor);
  const stage = progress === null ? undefined : stages.find(([pattern]) => pattern.test(progress));
  if (progress !== null) found.push(stage?.[1] ?? `its start is at ${progress}`);
  return found;
}

const bad = (part: Json) => ["critical", "warning"].includes(healthOf(part));
const isMissing = (part: Json) => textOf(at(part, "Status", "State")) === "UnavailableOffline";
const worst = (what: string, part: Json) =>
  `${what} is ${healthOf(part) === "critical" ? "broken" : "ailing"}`;
const nameOf = (part: Json) => textOf(part.Name) || textOf(part.MemberId) || textOf(part.Id);

async function partCauses(
  client: RedfishClient,
  service: RedfishService,
  system: Json,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found: string[] = [];
  for (const [what, name] of [
    ["a processor", "ProcessorSummary"],
    ["a memory module", "MemorySummary"],
  ] as const) {
    const part = objectOf(system[name]);
    if (bad(part)) found.push(worst(what, part));
  }
  for (const path of await service.chassis(system, signal)) {
    const chassis = (await client.get(path, signal)).body;
    const tripped = textOf(at(chassis, "PhysicalSecurity", "IntrusionSensor"));
    if (tripped !== "" && tripped !== "Normal") found.push("its lid is open");
    for (const [link, list, what] of [
      ["Power", "PowerSupplies", "power supply"],
      ["Thermal", "Fans", "fan"],
      ["Thermal", "Temperatures", "temperature"],
    ] as const) {
      const where = linkOf(chassis[link]);
      if (where === null) continue;
      const parts = listOf((await client.get(where, signal)).body[list]).map(objectOf);
      for (const part of parts) {
        if (what === "temperature" && bad(part)) found.push(`it is too hot (${nameOf(part)})`);
        else if (isMissing(part)) found.push(`${what} ${nameOf(part)} has no power`);
        else if (bad(part)) found.push(worst(`${what} ${nameOf(part)}`, part));
      }
    }
  }
  return found;
}

/** Drives of those storage controllers alone that say something is wrong below them: each is a request, and a server may have dozens. */
async function driveCauses(
  client: RedfishClient,
  service: RedfishService,
  system: Json,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const storage = linkOf(system.Storage);
  if (storage === null) return [];
  const found: string[] = [];
  for (const path of await service.members(storage, signal)) {
    const { body } = await client.get(path, signal);
    if (!bad(body)) continue;
    const before = found.length;
    for (const drive of linksOf(body.Drives)) {
      const part = (await client.get(drive, signal)).body;
      if (isMissing(part)) found.push(`the drive ${nameOf(part)} is missing`);
      else if (bad(part)) found.push(worst(`the drive ${nameOf(part)}`, part));
    }
    if (found.length === before) found.push(worst(`its storage ${nameOf(body)}`, body));
  }
  return found;
}

/** The newest grave entries of the server's own log. */
async function logCauses(
  client: RedfishClient,
  service: RedfishService,
  system: Json,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const logs = linkOf(system.LogServices);
  if (logs === null) return [];
  const [first] = await service.members(logs, signal);
  const entries = first === undefined ? null : linkOf((await client.get(first, signal)).body.Entries);
  if (entries === null) return [];
  const members = listOf((await client.get(entries, signal)).body.Members).map(objectOf);
  return members
    .filter((entry) => textOf(entry.Severity) === "Critical" && entry.Resolved !== true)
    .sort((a, b) => textOf(b.Created).localeCompare(textOf(a.Created)))
    .slice(0, 3)
    .map((entry) => `its log says: ${textOf(entry.Message)}`);
}
