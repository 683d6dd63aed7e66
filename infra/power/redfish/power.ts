import { settle, wentByItself } from "../settle.ts";
import type {
  BootSource,
  Controller,
  Power,
  PowerFacts,
  PowerState,
  PowerStatus,
  PowerTimes,
  Switched,
} from "../types.ts";
import { bootOf, overrideBoot } from "./boot.ts";
import { causesOf } from "./causes.ts";
import { RedfishClient } from "./client.ts";
import { factsOf } from "./facts.ts";
import { VirtualDrive } from "./media.ts";
import { Button, type Press } from "./reset.ts";
import { healthOf, powerOf, RedfishService } from "./service.ts";
import { progressOf } from "./vendors.ts";

/** A server whose controller speaks Redfish (DMTF DSP0266). */
export class RedfishPower implements Power {
  readonly #controller: Controller;
  readonly #times: PowerTimes;
  readonly #client: RedfishClient;
  readonly #service: RedfishService;
  readonly #drive: VirtualDrive;

  constructor(controller: Controller, times: PowerTimes) {
    this.#controller = controller;
    this.#times = times;
    this.#client = new RedfishClient(controller, times);
    this.#service = new RedfishService(this.#client, controller);
    this.#drive = new VirtualDrive(this.#client, this.#service, times);
  }

  get server(): string {
    return this.#controller.server;
  }

  async status(signal?: AbortSignal): Promise<PowerStatus> {
    const { body, vendor } = await this.#service.system(signal);
    return {
      power: powerOf(body),
      health: healthOf(body),
      progress: progressOf(body, vendor),
      boot: bootOf(body, vendor),
    };
  }

  async facts(signal?: AbortSignal): Promise<PowerFacts> {
    return factsOf(this.#client, this.#service, signal);
  }

  async on(signal?: AbortSignal): Promise<Switched> {
    const { body } = await this.#service.meantSystem(signal);
    if (powerOf(body) === "on") return "was so";
    await this.#press("on", "on", this.#times.settle, signal);
    return "done";
  }

  async off(graceful: number, signal?: AbortSignal): Promise<Switched> {
    const { body } = await this.#service.meantSystem(signal);
    if (powerOf(body) === "off") return "was so";
    if (graceful > 0 && (await wentByItself(() => this.#press("off", "graceful", graceful, signal))))
      return "done";
    await this.#press("off", "cut", this.#times.settle, signal);
    return "done";
  }

  async bootOnce(source: BootSource, signal?: AbortSignal): Promise<void> {
    await overrideBoot(this.#client, this.#service, this.#drive, source, signal);
  }

  async media(signal?: AbortSignal): Promise<string | null> {
    return this.#drive.image(signal);
  }

  async insert(url: string, signal?: AbortSignal): Promise<void> {
    await this.#service.meantSystem(signal);
    await this.#drive.insert(url, signal);
  }

  async eject(signal?: AbortSignal): Promise<Switched> {
    await this.#service.meantSystem(signal);
    return this.#drive.eject(signal);
  }

  async causes(signal?: AbortSignal): Promise<readonly string[]> {
    return causesOf(this.#client, this.#service, signal);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #press(
    wanted: "on" | "off",
    how: Press,
    within: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const button = new Button(this.#client, this.#service, how);
    let last: PowerState = "unknown";
    let waits = false;
    await settle(
      {
        wanted,
        within,
        signal,
        look: async () => (last = powerOf((await this.#service.system(signal)).body)),
        press: async () => {
          // Looked at once more: between two presses somebody may have put another server there.
          const why = await button.press(await this.#service.meantSystem(signal), signal);
          waits = why === "not now";
          if (why === "unsupported")
            throw this.#client.failure("unsupported", `offers no way to switch a server ${wanted} (${how})`);
          return why;
        },
        late: () =>
          this.#client.failure(
            "failed",
            waits
              ? `has one button for on and off and says ${last} of its server, so it wasn't pressed; look at its console`
              : `took the order and the server is ${last} after ${within / 1000} s, not ${wanted}; look at its console`,
          ),
      },
      this.#times,
    );
  }
}
