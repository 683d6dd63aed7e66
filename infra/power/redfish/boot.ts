import type { BootSource } from "../types.ts";
import type { RedfishClient } from "./client.ts";
import { at, type Json, linkOf, linksOf, objectOf, textOf, textsOf } from "./json.ts";
import type { VirtualDrive } from "./media.ts";
import type { RedfishService, System } from "./service.ts";
import type { Vendor } from "./vendors.ts";

/* What the next start begins with. */

/** How often a document that changed under our hands is read anew. */
const tries = 3;

/** What is asked for, where something is. */
export function bootOf(system: Json, { targets }: Pick<Vendor, "targets">): BootSource {
  const target = textOf(at(system, "Boot", "BootSourceOverrideTarget"));
  if (["", "Disabled"].includes(textOf(at(system, "Boot", "BootSourceOverrideEnabled")))) return "none";
  const sources = Object.keys(targets) as (keyof typeof targets)[];
  return sources.find((source) => targets[source].includes(target)) ?? "none";
}

export async function overrideBoot(
  client: RedfishClient,
  service: RedfishService,
  drive: VirtualDrive,
  source: BootSource,
  signal?: AbortSignal,
): Promise<void> {
  const system = await service.meantSystem(signal);
  if (source === "none" && bootOf(system.body, system.vendor) === "none") return;
  if (source === "cd" && system.vendor.cd === "dell-attributes")
    return bootDellDrive(client, service, system, signal);
  const target = source === "none" ? "None" : targetOf(system, source);
  if (target === null) {
    if (source === "cd" && system.vendor.cd === "hpe-flag" && (await drive.bootNext(signal))) return;
    const known = allowedOf(system.body)?.join(", ");
    throw client.failure("unsupported", `can't start the server from ${source}; it offers [${known}]`);
  }
  await patchBoot(client, service, target, signal);
}

/** Null where the service names its targets, and none of them is meant. */
function targetOf({ body, vendor }: System, source: Exclude<BootSource, "none">): string | null {
  const allowed = allowedOf(body);
  const [usual = null] = vendor.targets[source];
  return allowed === null ? usual : (vendor.targets[source].find((name) => allowed.includes(name)) ?? null);
}

function allowedOf(system: Json): readonly string[] | null {
  const said = textsOf(at(system, "Boot", "BootSourceOverrideTarget@Redfish.AllowableValues"));
  return said.length === 0 ? null : said;
}

async function patchBoot(
  client: RedfishClient,
  service: RedfishService,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let number = 1; ; number++) {
    const system = await service.meantSystem(signal);
    // Where changes wait for the next start (AMI's), they are written elsewhere, and that document has a tag of its own.
    const pending = linkOf(at(system.body, "@Redfish.Settings", "SettingsObject"));
    const { path, etag } =
      pending === null ? system : { path: pending, etag: (await client.get(pending, signal)).etag };
    const answer = await client.tried("PATCH", path, {
      // The last try takes whatever is there: some compare tags that they have never given out.
      etag: number === tries ? "*" : etag,
      body: { Boot: overrideOf(system, target) },
      signal,
    });
    if (answer.status < 300) break;
    if (![412, 428].includes(answer.status) || number === tries)
      throw client.refusal(answer, `the boot override ${target}`);
  }
  const { body } = await service.system(signal);
  const found = textOf(at(body, "Boot", "BootSourceOverrideTarget"));
  if (found !== target && linkOf(at(body, "@Redfish.Settings", "SettingsObject")) === null)
    throw client.failure(
      "failed",
      `took the boot override ${target} and has ${found || "none"}; update its firmware, or set it there`,
    );
}

/** Both together: several refuse one without the other. */
function overrideOf({ body, vendor }: System, target: string): Json {
  const mode = textOf(at(body, "Boot", "BootSourceOverrideMode"));
  return {
    BootSourceOverrideTarget: target,
    BootSourceOverrideEnabled: target === "None" ? "Disabled" : "Once",
    ...(vendor.keepsMode && mode !== "" ? { BootSourceOverrideMode: mode } : {}),
  };
}

/** The virtual drive is an attribute of Dell's controller. */
async function bootDellDrive(
  client: RedfishClient,
  service: RedfishService,
  { body }: System,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [manager] = await service.managers(body, signal);
  if (manager === undefined)
    throw client.failure("unsupported", "shows no controller to set the boot drive on");
  const own = objectOf((await client.get(manager, signal)).body);
  const links = linksOf(at(own, "Links", "Oem", "Dell", "DellAttributes"));
  const attributes = links.find((path) => path.includes("iDRAC")) ?? `${manager}/Attributes`;
  await client.send("PATCH", attributes, {
    body: { Attributes: { "ServerBoot.1.BootOnce": "Enabled", "ServerBoot.1.FirstBootDevice": "VCD-DVD" } },
    signal,
  });
}
