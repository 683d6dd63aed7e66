import type { Controller } from "../../../infra/power/types.ts";
import { askController } from "./controllers.ts";

/** Milliseconds that a controller may take to say why its server is silent. */
const usualPatience = 2_000;

/**
 * Why a server says nothing, in words.
 *
 * @param controller undefined for a server without one
 * @param bySsh what SSH said, in one sentence
 * @param patience milliseconds that its controller may take
 */
export async function whySilent(
  controller: Controller | undefined,
  bySsh: string,
  patience = usualPatience,
): Promise<{ readonly state: string; readonly why: string }> {
  if (controller === undefined) return { state: "unreachable", why: bySsh };
  try {
    return await askController(controller, patience, async (power, signal) => {
      const status = await power.status(signal);
      if (status.power === "off")
        return { state: "off", why: `${controller.server} is switched off; \`up\` switches it on` };
      const causes = await power.causes(signal);
      const told = causes.length === 0 ? "nothing is wrong with it" : causes.join("; ");
      const state = status.power === "turning-off" ? status.power : "unreachable";
      return { state, why: `${bySsh}; its controller says: ${told}` };
    });
  } catch (error) {
    return { state: "unreachable", why: `${bySsh}; ${(error as Error).message}` };
  }
}
