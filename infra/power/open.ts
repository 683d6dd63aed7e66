import { IpmiPower } from "./ipmi/power.ts";
import { RedfishPower } from "./redfish/power.ts";
import { type Controller, type Power, type PowerTimes, usualTimes } from "./types.ts";

/** The way to a server's controller. Nothing is asked yet. */
export function openPower(controller: Controller, times: Partial<PowerTimes> = {}): Power {
  const all = { ...usualTimes, ...times };
  return controller.kind === "redfish" ? new RedfishPower(controller, all) : new IpmiPower(controller, all);
}

/** The two parts of an account's secret, `user:password`; the password may have colons. @throws Error for another text */
export function accountOf(text: string): { readonly user: string; readonly password: string } {
  const line = text.replace(/\r?\n$/, "");
  const colon = line.indexOf(":");
  if (colon < 1 || /[\r\n\0]/.test(line)) throw new Error("is no account: `user:password` in one line");
  return { user: line.slice(0, colon), password: line.slice(colon + 1) };
}
