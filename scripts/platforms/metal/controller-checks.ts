import type { BmcPlan } from "../../../components/plan/platforms/metal/types.ts";
import type { Check } from "../../toolchain/check.ts";
import type { ControllerEntry } from "./controller-entries.ts";

/** What `doctor` says of a server's management controller. */
export function controllerCheck(server: string, { kind, host }: BmcPlan, entry: ControllerEntry): Check {
  const name = `${server}: controller`;
  if (entry.silent !== null) {
    const [detail = "", ...fix] = entry.silent.replace(`${server}: its controller `, "").split("; ");
    return { name, state: "broken", detail, fix: fix.join("; ") || "look at the controller's own page" };
  }
  const { facts, power, causes } = entry;
  const words = [
    `${kind} at ${host}`,
    facts?.controller || "of an unknown make",
    `its server is ${power ?? "unknown"}`,
    `health ${facts?.health ?? "unknown"}`,
  ];
  if (facts?.health !== "critical") return { name, state: "ok", detail: words.join(", ") };
  return {
    name,
    state: "broken",
    detail: `${words.join(", ")}: ${causes.join("; ") || "it doesn't say why"}`,
    fix: "have the part exchanged",
  };
}

/** A cold standby that is off answers nobody, which is as it should be. */
export function offCheck(server: string): Check {
  return {
    name: `${server}: SSH`,
    state: "ok",
    detail: "not asked: it is switched off, as a cold standby is; `up` switches it on for what it is sent",
  };
}
