import type { RedfishClient } from "./client.ts";
import { at, type Json, objectOf, textOf } from "./json.ts";
import { powerOf, type RedfishService, type System } from "./service.ts";
import { finished } from "./tasks.ts";

/* Pressing a server's power button, in the words that its controller takes. */

/** The standard's words, the best first. */
const words = {
  on: ["On", "ForceOn", "PushPowerButton"],
  graceful: ["GracefulShutdown", "PushPowerButton"],
  cut: ["ForceOff"],
} as const;

export type Press = keyof typeof words;

/** HPE's own way of holding the button, for firmware that lists no ForceOff. */
const held = ["Hpe", "Hp"].map(
  (name) => ["Oem", name, "Actions", `#${name}ComputerSystemExt.PowerButton`] as const,
);

/** The word that turns a server over, whichever way it is. */
const toggle = "PushPowerButton";

/** A server's button, for as long as one state is wanted. */
export class Button {
  readonly #client: RedfishClient;
  readonly #service: RedfishService;
  readonly #how: Press;
  #turnedOver = false;

  constructor(client: RedfishClient, service: RedfishService, how: Press) {
    this.#client = client;
    this.#service = service;
    this.#how = how;
  }

  /**
   * Presses once. A word that turns the server over is given only where it is seen to be the other way, and never again after that: a
   * controller that shows the state of before, or none, would let a second press undo what is wanted.
   *
   * @returns null when that was taken, why not when it wasn't, `unsupported` when the controller has no such button, `not now` when it
   * has to wait for a state
   */
  async press(system: System, signal?: AbortSignal): Promise<Error | null | "unsupported" | "not now"> {
    const how = this.#how;
    const action = objectOf(at(system.body, "Actions", "#ComputerSystem.Reset"));
    const target = textOf(action.target);
    const allowed = target === "" ? [] : await this.#service.allowed(action, "ResetType", signal);
    const word = allowed === null ? words[how][0] : words[how].find((one) => allowed.includes(one));
    if (word === toggle) {
      if (this.#turnedOver) return null;
      if (powerOf(system.body) !== (how === "on" ? "off" : "on")) return "not now";
      this.#turnedOver = true;
    }
    const asked =
      word !== undefined
        ? { target, body: { ResetType: word } }
        : how === "cut"
          ? holding(system.body)
          : undefined;
    if (asked === undefined) return "unsupported";
    const answer = await this.#client.tried("POST", asked.target, { body: asked.body, signal });
    if (answer.status < 300) return finished(this.#client, answer, signal);
    this.#turnedOver = false;
    return this.#client.refusal(answer, `${Object.values(asked.body)[0]}`);
  }
}

function holding(system: Json): { readonly target: string; readonly body: Json } | undefined {
  const target = held.map((path) => textOf(objectOf(at(system, ...path)).target)).find((path) => path !== "");
  return target === undefined ? undefined : { target, body: { PushType: "PressAndHold" } };
}
