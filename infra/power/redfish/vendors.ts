import type { BootSource } from "../types.ts";
import { at, type Json, objectOf, textOf } from "./json.ts";

/*
 * What makers do otherwise than the standard has it, as far as a service doesn't tell it itself. What it does tell (ids, paths, allowed
 * values, what an action is called) is always read and stands in no table.
 */

export interface Vendor {
  readonly name: string;
  /** In the maker's name, or that of its extension (`Oem`), in small letters. */
  readonly known: RegExp;
  /** Names of boot targets, the best first; the first that the server allows is taken. */
  readonly targets: Readonly<Record<Exclude<BootSource, "none">, readonly string[]>>;
  /** How the virtual drive is booted from, where its standard target means the physical one, or is missing. */
  readonly cd: "target" | "dell-attributes" | "hpe-flag";
  /** Whether the boot mode has to come along with each override, since it would fall back to legacy else. */
  readonly keepsMode: boolean;
  /** Where the maker says how far the start is, beside the standard's `BootProgress`. */
  readonly progress: readonly (readonly string[])[];
  /** The least that an account needs to switch power, by the maker's own words. */
  readonly role: string;
}

const targets: Vendor["targets"] = { network: ["Pxe"], cd: ["Cd", "UsbCd"], disk: ["Hdd"] };

const plain: Vendor = {
  name: "generic",
  known: /^$/,
  targets,
  cd: "target",
  keepsMode: false,
  progress: [],
  role: "Operator",
};

/** The first that fits counts; the last fits all. */
export const vendors: readonly Vendor[] = [
  {
    ...plain,
    name: "HPE",
    known: /\b(hpe?|hewlett)\b/,
    // iLO 5 and later; older firmware lists no Cd while the server is off.
    cd: "hpe-flag",
    progress: [
      ["Oem", "Hpe", "PostState"],
      ["Oem", "Hp", "PostState"],
    ],
    role: "a role of its own with Login and VirtualPowerAndReset (iLO: Host Power Control)",
  },
  {
    ...plain,
    name: "Lenovo",
    known: /\blenovo\b/,
    progress: [["Oem", "Lenovo", "SystemStatus"]],
    role: "a custom role with Remote Server Power/Restart Access",
  },
  {
    ...plain,
    name: "Dell",
    known: /\bdell\b/,
    // `Cd` is the physical drive there (ansible-collections/community.general#494).
    cd: "dell-attributes",
    role: "a user with Login and System Control (Operator has more)",
  },
  {
    ...plain,
    name: "Supermicro",
    known: /\b(supermicro|super micro)/,
    targets: { ...targets, cd: ["UsbCd", "Cd"] },
    keepsMode: true,
    role: "Operator; it has none for power alone",
  },
  { ...plain, name: "IBM", known: /\bibm\b/, role: "Administrator on POWER10's eBMC, Operator on OpenBMC" },
  { ...plain, name: "OpenBMC", known: /\bopenbmc\b/ },
  { ...plain, known: /^/ },
];

/** Whose controller it is, by what it says of itself and of its server. */
export function vendorOf(root: Json, system: Json): Vendor {
  const said = [
    textOf(root.Vendor),
    ...Object.keys(objectOf(root.Oem)),
    textOf(root.Product),
    ...Object.keys(objectOf(system.Oem)),
    textOf(system.Manufacturer),
  ]
    .join(" ")
    .toLowerCase();
  return vendors.find(({ known }) => known.test(said)) ?? plain;
}

/** How far a start has come, in the controller's words; null where it says nothing. */
export function progressOf(system: Json, vendor: Vendor): string | null {
  const standard =
    textOf(at(system, "BootProgress", "LastState")) === "OEM"
      ? textOf(at(system, "BootProgress", "OemLastState"))
      : textOf(at(system, "BootProgress", "LastState"));
  const all = [standard, ...vendor.progress.map((path) => textOf(at(system, ...path)))];
  return all.find((text) => text !== "" && text !== "None" && text !== "Unknown") ?? null;
}
