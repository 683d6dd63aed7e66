import type { PowerState } from "../types.ts";
import type { RedfishClient } from "./client.ts";
import { at, type Json, objectOf, textOf } from "./json.ts";
import { powerOf, type RedfishService, type System } from "./service.ts";
import { finished } from "./tasks.ts";

/* Pressing a server's power button, in the words that its controller takes. */

/** The standard's words, the best first. */
export const words = {
  on: ["On", "ForceOn", "PushPowerButton"],
  graceful: ["GracefulShutdown", "PushPowerButton"],
  cut: ["ForceOff"],
} as const;

type Press = keyof typeof words;

/** HPE's own way of holding the button, for firmware that lists no ForceOff. */
const held = ["Hpe", "Hp"].map(
  (name) => ["Oem", name, "Actions", `#${name}ComputerSystemExt.PowerButton`] as const,
);

/**
 * Presses once.
 *
 * @returns null when that was taken, why not when it wasn't, `unsupported` when the controller has no such button
 */
export async function press(
  client: RedfishClient,
  service: RedfishService,
  system: System,
  how: Press,
  signal?: AbortSignal,
): Promise<Error | null | "unsupported"> {
  const action = objectOf(at(system.body, "Actions", "#ComputerSystem.Reset"));
  const target = textOf(action.target);
  const allowed = target === "" ? [] : await service.allowed(action, "ResetType", signal);
  const word = allowed === null ? words[how][0] : words[how].find((one) => allowed.includes(one));
  const asked =
    word !== undefined
      ? { target, body: { ResetType: word } }
      : how === "cut"
        ? holding(system.body)
        : undefined;
  if (asked === undefined) return "unsupported";
  const answer = await client.tried("POST", asked.target, { body: asked.body, signal });
  if (answer.status < 300) return finished(client, answer, signal);
  return client.refusal(answer, `${Object.values(asked.body)[0]}`);
}

function holding(system: Json): { readonly target: string; readonly body: Json } | undefined {
  const target = held.map((path) => textOf(objectOf(at(system, ...path)).target)).find((path) => path !== "");
  return target === undefined ? undefined : { target, body: { PushType: "PressAndHold" } };
}

/** Whether a server is on its way to where it is wanted. */
export function isOnItsWay(state: PowerState, wanted: "on" | "off"): boolean {
  return state === (wanted === "on" ? "turning-on" : "turning-off");
}

export const stateOf = (system: System) => powerOf(system.body);
