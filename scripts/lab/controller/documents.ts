import type { Persona } from "./persona.ts";
import {
  accounts,
  collection,
  type Document,
  link,
  logs,
  ok,
  root,
  serviceRoot,
} from "./service-documents.ts";

/* The documents of a Redfish service for one server (DMTF DSP2046), by their paths. */

/** What changes. */
export interface Condition {
  power: string;
  boot: {
    BootSourceOverrideTarget: string;
    BootSourceOverrideEnabled: string;
    BootSourceOverrideMode: string;
  };
  image: string | null;
  bootNext: boolean;
  progress: string;
}

export interface Paths {
  readonly system: string;
  readonly manager: string;
  readonly chassis: string;
  readonly drives: string;
  readonly drive: string;
}

export function pathsOf({ ids, drive }: Persona): Paths {
  const system = `${root}/Systems/${ids.system}`;
  const manager = `${root}/Managers/${ids.manager}`;
  const drives = `${drive.under === "system" ? system : manager}/VirtualMedia`;
  return {
    system,
    manager,
    chassis: `${root}/Chassis/${ids.chassis}`,
    drives,
    drive: `${drives}/${drive.id}`,
  };
}

/** All of them but sessions. @param serial what people know the server by */
export function documentsOf(
  persona: Persona,
  serial: string,
  uuid: string,
  now: Condition,
): Map<string, Document> {
  const { system, manager, chassis, drives, drive } = pathsOf(persona);
  const media = link(drives);
  const all: [string, Document][] = [
    [`${root}/`, serviceRoot(persona, uuid)],
    collection(`${root}/Systems`, "ComputerSystemCollection", [system]),
    collection(`${root}/Managers`, "ManagerCollection", [manager]),
    collection(`${root}/Chassis`, "ChassisCollection", [chassis]),
    collection(drives, "VirtualMediaCollection", [drive]),
    [
      system,
      {
        ...systemOf(persona, serial, uuid, now),
        ...(persona.drive.under === "system" ? { VirtualMedia: media } : {}),
      },
    ],
    [
      manager,
      {
        "@odata.type": "#Manager.v1_16_0.Manager",
        Id: persona.ids.manager,
        Name: "Manager",
        ManagerType: "BMC",
        Model: persona.controller,
        FirmwareVersion: "1.50",
        Status: ok,
        Links: { ManagerForServers: [link(system)], ManagerForChassis: [link(chassis)] },
        ...(persona.drive.under === "manager" ? { VirtualMedia: media } : {}),
      },
    ],
    [
      chassis,
      {
        "@odata.type": "#Chassis.v1_21_0.Chassis",
        Id: persona.ids.chassis,
        Name: "Chassis",
        ChassisType: "RackMount",
        SerialNumber: serial,
        Status: ok,
        Power: link(`${chassis}/Power`),
        Thermal: link(`${chassis}/Thermal`),
        Links: { ComputerSystems: [link(system)], ManagedBy: [link(manager)] },
      },
    ],
    [
      `${chassis}/Power`,
      {
        "@odata.type": "#Power.v1_7_1.Power",
        Id: "Power",
        Name: "Power",
        PowerSupplies: ["1", "2"].map((id) => ({
          ...link(`${chassis}/Power#/PowerSupplies/${id}`),
          MemberId: id,
          Name: `PSU ${id}`,
          Status: ok,
        })),
      },
    ],
    [
      `${chassis}/Thermal`,
      {
        "@odata.type": "#Thermal.v1_7_1.Thermal",
        Id: "Thermal",
        Name: "Thermal",
        Fans: [{ ...link(`${chassis}/Thermal#/Fans/1`), MemberId: "1", Name: "Fan 1", Status: ok }],
        Temperatures: [
          { ...link(`${chassis}/Thermal#/Temperatures/1`), MemberId: "1", Name: "CPU 1", Status: ok },
        ],
      },
    ],
    [drive, driveOf(persona, now)],
    ...storageOf(system),
    ...logs(system),
    ...accounts(),
  ];
  if (persona.actionInfo)
    all.push([
      `${system}/ResetActionInfo`,
      {
        "@odata.type": "#ActionInfo.v1_3_0.ActionInfo",
        Id: "ResetActionInfo",
        Name: "Reset",
        Parameters: [
          { Name: "ResetType", Required: true, DataType: "String", AllowableValues: persona.resets },
        ],
      },
    ]);
  if (persona.oem === "Dell")
    all.push([
      `${manager}/Attributes`,
      { "@odata.type": "#Attributes", Id: "Attributes", Name: "Attributes", Attributes: {} },
    ]);
  return new Map(all.map(([path, body]) => [path, { ...link(path), ...body }]));
}

/** One controller with two drives. */
function storageOf(system: string): [string, Document][] {
  const controller = `${system}/Storage/1`;
  const drives = ["1", "2"].map((id) => `${controller}/Drives/${id}`);
  return [
    collection(`${system}/Storage`, "StorageCollection", [controller]),
    [
      controller,
      {
        "@odata.type": "#Storage.v1_15_0.Storage",
        Id: "1",
        Name: "RAID 1",
        Status: ok,
        Drives: drives.map(link),
      },
    ],
    ...drives.map((path, index): [string, Document] => [
      path,
      {
        "@odata.type": "#Drive.v1_19_0.Drive",
        Id: String(index + 1),
        Name: `Bay ${index + 1}`,
        MediaType: "SSD",
        CapacityBytes: 960197124096,
        Status: ok,
      },
    ]),
  ];
}

function systemOf(
  persona: Persona,
  serial: string,
  uuid: string,
  { power, boot, progress }: Condition,
): Document {
  const { system, manager, chassis } = pathsOf(persona);
  const reset = { target: `${system}/Actions/ComputerSystem.Reset` };
  const allowed = persona.actionInfo
    ? { "@Redfish.ActionInfo": `${system}/ResetActionInfo` }
    : { "ResetType@Redfish.AllowableValues": persona.resets };
  return {
    "@odata.type": "#ComputerSystem.v1_18_0.ComputerSystem",
    Id: persona.ids.system,
    Name: "Server",
    SystemType: "Physical",
    Manufacturer: persona.manufacturer,
    Model: persona.product,
    SerialNumber: persona.skuIsSerial ? `CN${serial}0001` : serial,
    ...(persona.skuIsSerial ? { SKU: serial } : {}),
    UUID: uuid,
    BiosVersion: "2.10",
    PowerState: power,
    Status: ok,
    BootProgress: { LastState: progress },
    Boot: {
      ...boot,
      "BootSourceOverrideTarget@Redfish.AllowableValues": persona.bootTargets,
      "BootSourceOverrideMode@Redfish.AllowableValues": ["UEFI", "Legacy"],
    },
    ProcessorSummary: { Count: 2, Model: "CPU", Status: ok },
    MemorySummary: { TotalSystemMemoryGiB: 64, Status: ok },
    Storage: link(`${system}/Storage`),
    LogServices: link(`${system}/LogServices`),
    Links: { Chassis: [link(chassis)], ManagedBy: [link(manager)] },
    Actions: { "#ComputerSystem.Reset": { ...reset, ...allowed } },
  };
}

function driveOf(persona: Persona, { image, bootNext }: Condition): Document {
  const { drive } = pathsOf(persona);
  const action = (name: string, at: string) => [name, { target: `${drive}/Actions${at}/${name.slice(1)}` }];
  const standard = [action("#VirtualMedia.InsertMedia", ""), action("#VirtualMedia.EjectMedia", "")];
  const own = [
    action("#HpeiLOVirtualMedia.InsertVirtualMedia", "/Oem/Hpe"),
    action("#HpeiLOVirtualMedia.EjectVirtualMedia", "/Oem/Hpe"),
  ];
  const oem = {
    ...(persona.drive.verbs === "oem" ? { Actions: Object.fromEntries(own) } : {}),
    BootOnNextServerReset: bootNext,
  };
  return {
    "@odata.type": "#VirtualMedia.v1_6_0.VirtualMedia",
    Id: persona.drive.id,
    Name: "Virtual drive",
    MediaTypes: ["CD", "DVD"],
    Image: image,
    Inserted: image !== null,
    WriteProtected: true,
    ConnectedVia: image === null ? "NotConnected" : "URI",
    ...(persona.oem === "Hpe" ? { Oem: { Hpe: oem } } : {}),
    ...(persona.drive.verbs === "actions" ? { Actions: Object.fromEntries(standard) } : {}),
  };
}
