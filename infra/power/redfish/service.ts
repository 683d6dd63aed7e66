import type { Controller, Health, PowerState } from "../types.ts";
import type { Answer, RedfishClient } from "./client.ts";
import { at, type Json, linkOf, linksOf, listOf, objectOf, textOf, textsOf } from "./json.ts";
import { type Vendor, vendorOf } from "./vendors.ts";

/* Finding a server and its parts in a Redfish service: by its links alone, since every maker has other ids. */

export interface System {
  readonly path: string;
  readonly body: Json;
  readonly etag: string | null;
  readonly vendor: Vendor;
}

const states: Readonly<Record<string, PowerState>> = {
  On: "on",
  Off: "off",
  PoweringOn: "turning-on",
  PoweringOff: "turning-off",
  // HPE's, while it restarts.
  Reset: "turning-on",
};

export const powerOf = (body: Json): PowerState => states[textOf(body.PowerState)] ?? "unknown";

/** The worst of a part and all that is below it. */
export function healthOf(body: Json): Health {
  const said = [at(body, "Status", "HealthRollup"), at(body, "Status", "Health")].map(textOf);
  if (said.includes("Critical")) return "critical";
  if (said.includes("Warning")) return "warning";
  return said.includes("OK") ? "ok" : "unknown";
}

/** Numbers that a server may be known by: Dell's service tag is its SKU, which is what its firmware shows an operating system. */
export function serialsOf(body: Json): readonly string[] {
  const said = [body.SerialNumber, body.SKU, at(body, "Oem", "Dell", "DellSystem", "NodeID"), body.UUID];
  return said
    .map(textOf)
    .filter((serial) => serial !== "" && !/^(none|not specified|unknown|0+)$/i.test(serial));
}

export const sameSerial = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

export class RedfishService {
  readonly #client: RedfishClient;
  readonly #controller: Controller;
  #path: string | null = null;

  constructor(client: RedfishClient, controller: Controller) {
    this.#client = client;
    this.#controller = controller;
  }

  /** The server as it is now. @throws PowerError when there is none, or none can be told from another */
  async system(signal?: AbortSignal): Promise<System> {
    this.#path ??= await this.#find(signal);
    const { body, etag } = await this.#client.get(this.#path, signal);
    return { path: this.#path, body, etag, vendor: vendorOf(await this.#client.root(signal), body) };
  }

  /** The same, for who is going to change it. @throws PowerError for another server than the one that is meant */
  async meantSystem(signal?: AbortSignal): Promise<System> {
    const system = await this.system(signal);
    const { serial } = this.#controller;
    if (serial === null) return system;
    const found = serialsOf(system.body);
    const all = found.length > 0 ? found : await this.#chassisSerials(system.body, signal);
    if (all.some((one) => sameSerial(one, serial))) return system;
    throw this.#client.failure(
      "other-server",
      all.length === 0
        ? `tells no serial number, so it can't be told from another server's and nothing was done; have the maker's service enter it`
        : `is that of the server ${all[0]}, not ${serial}, so nothing was done; correct its \`bmc\` or \`serial\``,
    );
  }

  /** Values that an action takes; null where the service doesn't say. */
  async allowed(action: Json, parameter: string, signal?: AbortSignal): Promise<readonly string[] | null> {
    const said = textsOf(action[`${parameter}@Redfish.AllowableValues`]);
    if (said.length > 0) return said;
    const info = action["@Redfish.ActionInfo"];
    const path = typeof info === "string" ? info : linkOf(info);
    if (path === null) return null;
    const { body } = await this.#client.get(path, signal);
    const described = listOf(body.Parameters)
      .map(objectOf)
      .find(({ Name }) => Name === parameter);
    const values = textsOf(described?.AllowableValues);
    return values.length > 0 ? values : null;
  }

  /** Members of a collection, page by page. */
  async members(path: string, signal?: AbortSignal): Promise<readonly string[]> {
    const { body } = await this.#client.get(path, signal);
    const next = body["Members@odata.nextLink"];
    const rest = typeof next === "string" && next !== path ? await this.members(next, signal) : [];
    return [...linksOf(body.Members), ...rest];
  }

  /** Controllers of a server. */
  async managers(system: Json, signal?: AbortSignal): Promise<readonly string[]> {
    const linked = linksOf(at(system, "Links", "ManagedBy"));
    if (linked.length > 0) return linked;
    const all = linkOf((await this.#client.root(signal)).Managers);
    return all === null ? [] : this.members(all, signal);
  }

  async chassis(system: Json, signal?: AbortSignal): Promise<readonly string[]> {
    const linked = linksOf(at(system, "Links", "Chassis"));
    if (linked.length > 0) return linked;
    const all = linkOf((await this.#client.root(signal)).Chassis);
    return all === null ? [] : this.members(all, signal);
  }

  async #chassisSerials(system: Json, signal?: AbortSignal): Promise<readonly string[]> {
    const [first] = await this.chassis(system, signal);
    return first === undefined ? [] : serialsOf((await this.#client.get(first, signal)).body);
  }

  async #find(signal?: AbortSignal): Promise<string> {
    const collection = linkOf((await this.#client.root(signal)).Systems);
    const paths = collection === null ? [] : await this.members(collection, signal);
    if (paths.length === 1 && paths[0] !== undefined) return paths[0];
    const looked: (Answer & { readonly path: string })[] = [];
    for (const path of paths) looked.push({ path, ...(await this.#client.get(path, signal)) });
    // Cards that are computers themselves stand beside the server.
    const whole = looked.filter(({ body }) => ["", "Physical"].includes(textOf(body.SystemType)));
    const { serial } = this.#controller;
    const meant = whole.filter(
      ({ body }) => serial !== null && serialsOf(body).some((one) => sameSerial(one, serial)),
    );
    const [only, ...others] = meant.length > 0 ? meant : whole;
    if (only !== undefined && others.length === 0) return only.path;
    const known = whole.flatMap(({ body }) => serialsOf(body)[0] ?? []).join(", ");
    throw this.#client.failure(
      "unsupported",
      only === undefined
        ? "has no server behind it; is this the controller of a chassis?"
        : `has ${whole.length} servers behind it; name the \`serial\` of the one that is meant, out of [${known}]`,
    );
  }
}
