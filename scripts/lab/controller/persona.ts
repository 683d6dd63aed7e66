/* What makers' controllers are like, as far as a client notices. All of it is plain data; the emulator acts by it. */

export interface Persona {
  readonly vendor: string;
  readonly product: string;
  /** Name of the maker's extension; empty for none. */
  readonly oem: string;
  readonly manufacturer: string;
  readonly controller: string;
  readonly ids: { readonly system: string; readonly manager: string; readonly chassis: string };
  /** Where the virtual drive is. */
  readonly drive: {
    readonly under: "system" | "manager";
    readonly id: string;
    readonly verbs: "actions" | "oem" | "patch";
  };
  readonly resets: readonly string[];
  /** Whether allowed values are in a document of their own. */
  readonly actionInfo: boolean;
  readonly bootTargets: readonly string[];
  readonly sessions: { readonly most: number; readonly location: "relative" | "absolute" | "none" } | null;
  readonly tag: "header" | "body" | "none";
  /** Whether a change without If-Match is refused. */
  readonly needsTag: boolean;
  /** How it answers an action that worked. */
  readonly done: 200 | 202 | 204;
  /** What its drive refuses: a body with more than the image, or one without the protocol. */
  readonly insert: "any" | "image-only" | "needs-protocol";
  /** Whether it says 400 to a press that changes nothing, and to emptying an empty drive. */
  readonly strict: boolean;
  /** Dell's serial number is its board's; the number that people know is its SKU. */
  readonly skuIsSerial: boolean;
  /** Whether the mode falls back to legacy with an override that doesn't name it. */
  readonly dropsMode: boolean;
}

const all = [
  "On",
  "ForceOff",
  "GracefulShutdown",
  "GracefulRestart",
  "ForceRestart",
  "Nmi",
  "PushPowerButton",
];

export const generic: Persona = {
  vendor: "",
  product: "Server",
  oem: "",
  manufacturer: "Generic",
  controller: "BMC",
  ids: { system: "1", manager: "1", chassis: "1" },
  drive: { under: "system", id: "Cd", verbs: "actions" },
  resets: all,
  actionInfo: false,
  bootTargets: ["None", "Pxe", "Cd", "Hdd", "UefiHttp"],
  sessions: { most: 16, location: "relative" },
  tag: "header",
  needsTag: false,
  done: 204,
  insert: "any",
  strict: false,
  skuIsSerial: false,
  dropsMode: false,
};

/** Personas by name. */
export const personas = {
  generic,
  ilo5: {
    ...generic,
    vendor: "HPE",
    product: "ProLiant DL360 Gen10",
    oem: "Hpe",
    manufacturer: "HPE",
    controller: "iLO 5",
    drive: { under: "manager", id: "2", verbs: "oem" },
    resets: ["On", "ForceOff", "ForceRestart", "Nmi", "PushPowerButton"],
    bootTargets: ["None", "Pxe", "Hdd", "UefiTarget"],
    sessions: { most: 16, location: "absolute" },
    done: 200,
    strict: true,
  },
  ilo6: {
    ...generic,
    vendor: "HPE",
    product: "ProLiant DL360 Gen11",
    oem: "Hpe",
    manufacturer: "HPE",
    controller: "iLO 6",
    drive: { under: "manager", id: "2", verbs: "actions" },
    sessions: { most: 16, location: "absolute" },
    done: 200,
    strict: true,
  },
  xcc: {
    ...generic,
    vendor: "Lenovo",
    product: "ThinkSystem SR630",
    oem: "Lenovo",
    manufacturer: "Lenovo",
    controller: "XCC",
    drive: { under: "manager", id: "EXT1", verbs: "patch" },
    resets: ["On", "Nmi", "GracefulShutdown", "GracefulRestart", "ForceOff", "ForceOn", "ForceRestart"],
    actionInfo: true,
    needsTag: true,
    done: 200,
  },
  idrac: {
    ...generic,
    vendor: "Dell",
    product: "PowerEdge R650",
    oem: "Dell",
    manufacturer: "Dell Inc.",
    controller: "iDRAC 9",
    ids: { system: "System.Embedded.1", manager: "iDRAC.Embedded.1", chassis: "System.Embedded.1" },
    drive: { under: "manager", id: "CD", verbs: "actions" },
    insert: "image-only",
    strict: true,
    skuIsSerial: true,
  },
  supermicro: {
    ...generic,
    vendor: "Supermicro",
    product: "SYS-1029P",
    oem: "Supermicro",
    manufacturer: "Supermicro",
    controller: "X12",
    drive: { under: "manager", id: "VirtualMedia1", verbs: "actions" },
    bootTargets: ["None", "Pxe", "Hdd", "UsbCd"],
    tag: "body",
    needsTag: true,
    done: 200,
    insert: "needs-protocol",
    dropsMode: true,
  },
  openbmc: {
    ...generic,
    product: "Witherspoon",
    oem: "OpenBMC",
    manufacturer: "IBM",
    controller: "OpenBMC",
    ids: { system: "system", manager: "bmc", chassis: "chassis" },
    drive: { under: "manager", id: "Slot_0", verbs: "actions" },
    actionInfo: true,
    done: 202,
  },
} satisfies Readonly<Record<string, Persona>>;

export type PersonaName = keyof typeof personas;
