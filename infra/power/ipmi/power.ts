import { settle, wentByItself } from "../settle.ts";
import {
  type BootSource,
  type Controller,
  type Health,
  type Power,
  PowerError,
  type PowerFacts,
  type PowerFailure,
  type PowerState,
  type PowerStatus,
  type PowerTimes,
  type Switched,
} from "../types.ts";
import { IpmiTool, linesOf } from "./tool.ts";

const devices: Readonly<Record<BootSource, string>> = {
  none: "none",
  network: "pxe",
  cd: "cdrom",
  disk: "disk",
};

/** What `ipmitool` calls them in boot parameter 5. */
const selectors: readonly (readonly [RegExp, BootSource])[] = [
  [/PXE/i, "network"],
  [/CD|DVD/i, "cd"],
  [/Hard-?Drive/i, "disk"],
];

/** Faults that `chassis status` names, and what they mean. */
const faults: readonly (readonly [string, RegExp, string])[] = [
  ["power overload", /true/, "its power supplies are overloaded"],
  ["main power fault", /true/, "its main power has failed: look at the power supplies and the feed"],
  ["power control fault", /true/, "its power control has failed"],
  ["power interlock", /^active/, "a power interlock is active: a cover may be open"],
  ["chassis intrusion", /^active/, "its lid is open"],
  ["drive fault", /true/, "a drive is broken"],
  ["cooling/fan fault", /true/, "a fan is broken"],
];

/** A server whose controller speaks IPMI 2.0: power and boot source; it has no virtual drive. */
export class IpmiPower implements Power {
  readonly #controller: Controller;
  readonly #times: PowerTimes;
  readonly #tool: IpmiTool;

  constructor(controller: Controller, times: PowerTimes) {
    this.#controller = controller;
    this.#times = times;
    this.#tool = new IpmiTool(controller, times);
  }

  get server(): string {
    return this.#controller.server;
  }

  async status(signal?: AbortSignal): Promise<PowerStatus> {
    const chassis = linesOf(await this.#tool.run(["chassis", "status"], signal));
    const broken = faults.some(([name, pattern]) => pattern.test(chassis.get(name) ?? ""));
    return {
      power: stateOf(chassis),
      health: broken ? "critical" : "ok",
      progress: null,
      boot: await this.#boot(signal),
    };
  }

  async facts(signal?: AbortSignal): Promise<PowerFacts> {
    const own = linesOf(await this.#tool.run(["mc", "info"], signal));
    // A chip that holds nonsense keeps nobody from the rest; one that couldn't be asked is no server without a number.
    const unit = await this.#unit(["unsupported", "failed"], signal);
    const health: Health = (await this.status(signal)).health;
    return {
      manufacturer: unit.get("product manufacturer") ?? own.get("manufacturer name") ?? "",
      model: unit.get("product name") ?? own.get("product name") ?? "",
      serials: serialsIn(unit),
      firmware: "",
      controller: `IPMI ${own.get("ipmi version") ?? ""}, firmware ${own.get("firmware revision") ?? ""}`,
      cpus: 0,
      memory: 0,
      health,
    };
  }

  async on(signal?: AbortSignal): Promise<Switched> {
    await this.#mustBeMeant(signal);
    if ((await this.#state(signal)) === "on") return "was so";
    await this.#switch("on", "on", this.#times.settle, signal);
    return "done";
  }

  async off(graceful: number, signal?: AbortSignal): Promise<Switched> {
    await this.#mustBeMeant(signal);
    if ((await this.#state(signal)) === "off") return "was so";
    if (graceful > 0 && (await wentByItself(() => this.#switch("off", "soft", graceful, signal))))
      return "done";
    await this.#switch("off", "off", this.#times.settle, signal);
    return "done";
  }

  async bootOnce(source: BootSource, signal?: AbortSignal): Promise<void> {
    await this.#mustBeMeant(signal);
    await this.#tool.run(["chassis", "bootdev", devices[source]], signal);
  }

  async media(): Promise<string | null> {
    return null;
  }

  async insert(): Promise<void> {
    throw this.#tool.failure(
      "unsupported",
      "speaks IPMI, which has no virtual drive; start it from the network",
    );
  }

  async eject(): Promise<Switched> {
    return "was so";
  }

  async causes(signal?: AbortSignal): Promise<readonly string[]> {
    const chassis = linesOf(await this.#tool.run(["chassis", "status"], signal));
    const broken = faults.flatMap(([name, pattern, meaning]) =>
      pattern.test(chassis.get(name) ?? "") ? [meaning] : [],
    );
    if (stateOf(chassis) === "off") return [...broken, "it is switched off"];
    const boot = await this.#boot(signal);
    return boot === "none" ? broken : [...broken, `it is set to start from ${boot}, not from its disk`];
  }

  async close(): Promise<void> {}

  async #state(signal?: AbortSignal): Promise<PowerState> {
    return stateOf(linesOf(await this.#tool.run(["chassis", "status"], signal)));
  }

  async #boot(signal?: AbortSignal): Promise<BootSource> {
    const text = await this.#tool.run(["chassis", "bootparam", "get", "5"], signal).catch(() => "");
    if (!/Boot Flag Valid/i.test(text)) return "none";
    const chosen = /Boot Device Selector\s*:\s*(.*)/i.exec(text)?.[1] ?? "";
    return selectors.find(([pattern]) => pattern.test(chosen))?.[1] ?? "none";
  }

  /** What its inventory chip says; empty where it fails by one of `none`. @throws PowerError for another failure */
  async #unit(none: readonly PowerFailure[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    try {
      return linesOf(await this.#tool.run(["fru", "print", "0"], signal));
    } catch (error) {
      if (error instanceof PowerError && none.includes(error.failure)) return new Map();
      throw error;
    }
  }

  async #mustBeMeant(signal?: AbortSignal): Promise<void> {
    const { serial } = this.#controller;
    if (serial === null) return;
    const all = serialsIn(await this.#unit(["unsupported"], signal));
    if (all.some((one) => one.toLowerCase() === serial.toLowerCase())) return;
    throw this.#tool.failure(
      "other-server",
      all.length === 0
        ? "tells no serial number, so its server can't be told from another and nothing was done; have the maker's service enter it"
        : `is that of the server ${all[0]}, not ${serial}, so nothing was done; correct its \`bmc\` or \`serial\``,
    );
  }

  async #switch(
    wanted: "on" | "off",
    word: "on" | "off" | "soft",
    within: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await settle(
      {
        wanted,
        within,
        signal,
        look: () => this.#state(signal),
        press: async () => {
          await this.#mustBeMeant(signal);
          await this.#tool.run(["chassis", "power", word], signal);
          return null;
        },
        late: () =>
          this.#tool.failure(
            "failed",
            `took the order and the server isn't ${wanted} after ${within / 1000} s; look at its console`,
          ),
      },
      this.#times,
    );
  }
}

function stateOf(chassis: ReadonlyMap<string, string>): PowerState {
  const said = chassis.get("system power");
  return said === "on" || said === "off" ? said : "unknown";
}

const serialsIn = (unit: ReadonlyMap<string, string>) =>
  ["product serial", "chassis serial", "board serial"].flatMap((name) => unit.get(name) ?? []);
