import { afterEach, describe, expect, test } from "vitest";
import { vendorOf } from "../../../../../infra/power/redfish/vendors.ts";
import { generic, type Persona, personas } from "../../../../../scripts/lab/controller/persona.ts";
import { refused } from "../../../../../scripts/lab/controller/reply.ts";
import { bench, endBenches } from "../../../../support/metal/controller.ts";

/* Habits of makers' controllers, each alone: every test fails without what is done about it. */

afterEach(endBenches);

const iso = "http://192.0.2.1/seed.iso";
const system = "/redfish/v1/Systems/1";

test.each(Object.entries(personas))(
  "%s: power, boot source and virtual drive, from beginning to end",
  async (_, persona) => {
    const { power, lamp, emulator } = await bench({ persona, way: { serial: "SN1" } });
    await power.insert(iso);
    expect(await power.media()).toBe(iso);
    await power.bootOnce("cd");
    expect(await power.on()).toBe("done");
    expect(await power.eject()).toBe("done");
    expect(await power.eject()).toBe("was so");
    expect(await power.media()).toBeNull();
    expect(await power.off(1_000)).toBe("done");
    expect(lamp.lit).toBe(false);
    expect((await power.facts()).serials).toContain("SN1");
    await power.close();
    expect(emulator.sessions.size).toBe(0);
  },
);

describe("who it is of", () => {
  test.each([
    [{ Vendor: "HPE" }, {}, "HPE"],
    [{ Oem: { Hpe: {} } }, {}, "HPE"],
    [{}, { Manufacturer: "Lenovo" }, "Lenovo"],
    [{ Vendor: "Dell" }, {}, "Dell"],
    [{}, { Manufacturer: "Super Micro Computer" }, "Supermicro"],
    [{}, { Manufacturer: "IBM" }, "IBM"],
    [{ Oem: { OpenBMC: {} } }, {}, "OpenBMC"],
    [{}, {}, "generic"],
  ])("%j with %j: %s", (root, body, name) => {
    expect(vendorOf(root, body).name).toBe(name);
  });
});

describe("getting in", () => {
  test("a service without sessions is asked with the account itself", async () => {
    const { power } = await bench({ persona: { sessions: null } });
    expect((await power.status()).power).toBe("off");
  });

  test.each([503, 400])("so is one that has no session left and says %d", async (status) => {
    const { power, emulator } = await bench();
    emulator.fault = ({ method, path }) =>
      method === "POST" && path.endsWith("/Sessions")
        ? { ...refused(status, "SessionLimitExceeded"), headers: { "retry-after": "0" } }
        : null;
    expect((await power.status()).power).toBe("off");
  });

  test.each(["absolute", "none"] as const)(
    "a session whose location is %s is ended all the same",
    async (location) => {
      const { power, emulator } = await bench({ persona: { sessions: { most: 4, location } } });
      await power.status();
      expect(emulator.sessions.size).toBe(1);
      await power.close();
      expect(emulator.sessions.size).toBe(0);
    },
  );

  test("a root that has moved is followed, on the same controller", async () => {
    const { power, emulator } = await bench();
    emulator.fault = ({ path }) =>
      path === "/redfish/v1/Systems"
        ? { status: 308, headers: { location: "https://elsewhere.example/redfish/v1/Systems/" } }
        : null;
    expect((await power.status()).power).toBe("off");
  });
});

describe("which server", () => {
  const two = (kind: string) => (path: string, document: Record<string, unknown>) => {
    if (path === "/redfish/v1/Systems")
      return { ...document, Members: [{ "@odata.id": "/redfish/v1/Chassis/1" }, { "@odata.id": system }] };
    return path === "/redfish/v1/Chassis/1"
      ? { ...document, SystemType: kind, SerialNumber: "SN2" }
      : document;
  };

  test("a card that is a computer itself isn't it", async () => {
    const { power, emulator } = await bench();
    emulator.shape = two("DPU");
    expect(await power.on()).toBe("done");
  });

  test("of two it is the one with the serial number, and without one nobody is switched", async () => {
    const named = await bench({ way: { serial: "SN1" } });
    named.emulator.shape = two("Physical");
    expect(await named.power.on()).toBe("done");
    const unnamed = await bench();
    unnamed.emulator.shape = two("Physical");
    await expect(unnamed.power.on()).rejects.toThrow(
      "has 2 servers behind it; name the `serial` of the one that is meant, out of [SN2, SN1]",
    );
    expect(unnamed.lamp.presses).toBe(0);
  });

  test("a serial number that is padded, or its chassis's alone, is known", async () => {
    const { power, emulator } = await bench({ way: { serial: "SN1" } });
    emulator.shape = (path, document) =>
      path === system ? { ...document, SerialNumber: "  ", UUID: "" } : document;
    expect(await power.on()).toBe("done");
    emulator.shape = (path, document) =>
      path === system ? { ...document, SerialNumber: "sn1   " } : document;
    expect(await power.off(0)).toBe("done");
  });
});

describe("pressing", () => {
  const asked = async (persona: Partial<Persona>, lit: boolean, act: "on" | "shut down" | "cut") => {
    const { power, emulator, lamp } = await bench({ persona, lit });
    const words: unknown[] = [];
    emulator.fault = ({ body }) => {
      if (body.ResetType !== undefined) words.push(body.ResetType);
      return null;
    };
    await (act === "on" ? power.on() : power.off(act === "cut" ? 0 : 500));
    return { words, lit: lamp.lit };
  };

  test("is in words that the server allows", async () => {
    expect(await asked({ resets: ["ForceOn", "ForceOff"] }, false, "on")).toEqual({
      words: ["ForceOn"],
      lit: true,
    });
    expect(await asked({ resets: ["ForceOff", "PushPowerButton"] }, true, "shut down")).toEqual({
      words: ["PushPowerButton"],
      lit: false,
    });
    expect(await asked({ resets: ["On", "ForceOff"] }, true, "shut down")).toEqual({
      words: ["ForceOff"],
      lit: false,
    });
  });

  test("is in words that a document of their own allows", async () => {
    expect(await asked({ actionInfo: true, resets: ["ForceOn", "ForceOff"] }, false, "on")).toEqual({
      words: ["ForceOn"],
      lit: true,
    });
  });

  test.each([200, 202, 204] as const)("is answered %d, and done when it is seen", async (done) => {
    expect((await asked({ done }, false, "on")).lit).toBe(true);
  });

  test("that is refused because it is so already is none", async () => {
    const { power, emulator, lamp } = await bench();
    emulator.fault = async ({ body }) => {
      if (body.ResetType === undefined) return null;
      await lamp.on();
      return refused(409, "InvalidOperationForSystemState");
    };
    expect(await power.on()).toBe("done");
  });

  test("whose task has vanished with its end is believed by what is seen", async () => {
    const { power, emulator } = await bench({ persona: { done: 202 } });
    emulator.fault = ({ path }) => (path.includes("/Tasks/") ? refused(404, "ResourceMissingAtURI") : null);
    expect(await power.on()).toBe("done");
  });

  test("that no button is there for is said", async () => {
    const { power } = await bench({ persona: { resets: ["Nmi"] } });
    await expect(power.on()).rejects.toThrow("offers no way to switch a server on");
  });

  test("waits while the server is on its way", async () => {
    const { power, emulator, lamp } = await bench();
    emulator.condition.power = "PoweringOn";
    setTimeout(() => {
      emulator.condition.power = "On";
      lamp.lit = true;
    }, 100);
    expect(await power.on()).toBe("done");
    expect(lamp.presses).toBe(0);
  });

  test("a controller that doesn't know, after its own start, is asked again", async () => {
    const { power, emulator, lamp } = await bench({ lit: true });
    let looks = 0;
    emulator.shape = (path, document) =>
      path === system && looks++ < 3 ? { ...document, PowerState: null } : document;
    expect(await power.on()).toBe("done");
    expect(lamp.lit).toBe(true);
  });
});

describe("the boot source", () => {
  test("is changed with the tag that is asked for, in the header or the document", async () => {
    for (const tag of ["header", "body"] as const) {
      const { power, emulator } = await bench({ persona: { tag, needsTag: true } });
      await power.bootOnce("network");
      expect(emulator.condition.boot).toMatchObject({
        BootSourceOverrideTarget: "Pxe",
        BootSourceOverrideEnabled: "Once",
      });
    }
  });

  test("is changed though somebody has changed the document in between", async () => {
    const { power, emulator } = await bench({ persona: { needsTag: true } });
    let first = true;
    emulator.fault = ({ method }) => {
      if (method !== "PATCH" || !first) return null;
      first = false;
      return refused(412, "PreconditionFailed");
    };
    await power.bootOnce("network");
    expect((await power.status()).boot).toBe("network");
  });

  test("keeps the mode where an override without it would fall back to legacy", async () => {
    const { power, emulator } = await bench({ persona: { ...personas.supermicro } });
    await power.bootOnce("network");
    expect(emulator.condition.boot.BootSourceOverrideMode).toBe("UEFI");
  });

  test("is the virtual drive by the name that Supermicro has for it", async () => {
    const { power, emulator } = await bench({ persona: { ...personas.supermicro } });
    await power.bootOnce("cd");
    expect(emulator.condition.boot.BootSourceOverrideTarget).toBe("UsbCd");
  });

  test("is the virtual drive by Dell's attributes, since its target is the physical one", async () => {
    const { power, emulator } = await bench({ persona: { ...personas.idrac } });
    await power.bootOnce("cd");
    expect(emulator.attributes).toEqual({
      "ServerBoot.1.BootOnce": "Enabled",
      "ServerBoot.1.FirstBootDevice": "VCD-DVD",
    });
    expect(emulator.condition.boot.BootSourceOverrideTarget).toBe("None");
  });

  test("is the virtual drive by HPE's flag where its target isn't offered", async () => {
    const { power, emulator } = await bench({ persona: { ...personas.ilo5 } });
    await power.bootOnce("cd");
    expect(emulator.condition.bootNext).toBe(true);
  });

  test("that isn't offered is said with what is", async () => {
    const { power } = await bench({ persona: { bootTargets: ["None", "Hdd"] } });
    await expect(power.bootOnce("network")).rejects.toThrow(
      "can't start the server from network; it offers [None, Hdd]",
    );
  });

  test("that was taken and isn't there is said", async () => {
    const { power, emulator } = await bench();
    emulator.fault = ({ method }) => (method === "PATCH" ? { status: 204 } : null);
    await expect(power.bootOnce("network")).rejects.toThrow(
      "took the boot override Pxe and has None; update its firmware",
    );
  });
});

describe("the virtual drive", () => {
  test.each(["system", "manager"] as const)("is found below the %s", async (under) => {
    const { power } = await bench({ persona: { drive: { ...generic.drive, under } } });
    await power.insert(iso);
    expect(await power.media()).toBe(iso);
  });

  test.each(["actions", "oem", "patch"] as const)("takes an image by %s", async (verbs) => {
    const { power, emulator } = await bench({ persona: { oem: "Hpe", drive: { ...generic.drive, verbs } } });
    await power.insert(iso);
    await power.eject();
    expect(emulator.condition.image).toBeNull();
  });

  test.each(["image-only", "needs-protocol"] as const)("takes a body of its own kind: %s", async (insert) => {
    const { power, emulator } = await bench({ persona: { insert } });
    await power.insert(iso);
    expect(emulator.condition.image).toBe(iso);
  });

  test("is emptied before another image comes, and left alone with the same", async () => {
    const { power, emulator } = await bench({ persona: { strict: true } });
    await power.insert(iso);
    await power.insert(iso);
    await power.insert("http://192.0.2.1/other.iso");
    const verbs = emulator.asked.flatMap((line) => /\.(\w+)Media$/.exec(line)?.[1] ?? []);
    expect(verbs).toEqual(["Insert", "Eject", "Insert"]);
  });

  test("that keeps the last image's name is empty nevertheless", async () => {
    const { power, emulator } = await bench();
    emulator.shape = (path, document) =>
      path.endsWith("/Cd") ? { ...document, Image: iso, Inserted: false } : document;
    expect(await power.media()).toBeNull();
    expect(await power.eject()).toBe("was so");
  });

  test("that wants a licence is said so", async () => {
    const { power, emulator } = await bench({ persona: { ...personas.ilo6 } });
    emulator.fault = ({ path }) =>
      path.endsWith("InsertMedia")
        ? {
            status: 403,
            body: { error: { "@Message.ExtendedInfo": [{ MessageId: "iLO.2.14.LicenseKeyRequired" }] } },
          }
        : null;
    await expect(power.insert(iso)).rejects.toThrow(
      "wants a licence for this (to insert the image, 403: license key required)",
    );
  });
});

describe("words", () => {
  test("of a refusal are the controller's, wherever it puts them", async () => {
    const info = { MessageId: "Base.1.0.PropertyValueError", Message: "Not while the lid is open." };
    for (const body of [
      { error: { "@Message.ExtendedInfo": [info] } },
      { "@Message.ExtendedInfo": [info] },
    ]) {
      const { power, emulator } = await bench();
      emulator.fault = ({ method }) => (method === "PATCH" ? { status: 400, body } : null);
      await expect(power.bootOnce("network")).rejects.toThrow(
        "refused the boot override Pxe (400: Not while the lid is open.)",
      );
    }
  });

  test("of an error page in HTML are its number", async () => {
    const { power, emulator } = await bench();
    emulator.fault = ({ path }) => (path === system ? { status: 500, body: "<html>oops</html>" } : null);
    await expect(power.status()).rejects.toThrow(`refused GET ${system} (500)`);
  });

  test("for an account without the right name the account", async () => {
    const { power, emulator } = await bench();
    emulator.fault = ({ method }) => (method === "PATCH" ? refused(403, "InsufficientPrivilege") : null);
    await expect(power.bootOnce("network")).rejects.toThrow(
      "doesn't let operator do this (the boot override Pxe, 403: InsufficientPrivilege); give that account the right to it",
    );
  });

  test("about a start are the standard's, else the maker's", async () => {
    const { power, emulator } = await bench({ persona: { ...personas.ilo6 }, lit: true });
    emulator.shape = (path, document) =>
      path === system
        ? { ...document, BootProgress: undefined, Oem: { Hpe: { PostState: "InPost" } } }
        : document;
    expect((await power.status()).progress).toBe("InPost");
  });
});

describe("why a server doesn't come up", () => {
  const said = async (lit: boolean, part: string, change: object): Promise<readonly string[]> => {
    const { power, emulator } = await bench({ lit });
    emulator.shape = (path, document) => (path.endsWith(part) ? { ...document, ...change } : document);
    return power.causes();
  };
  const critical = { Status: { State: "Enabled", Health: "Critical" } };

  test.each([
    [false, "none", {}, "it is switched off"],
    [true, "Systems/1", { PowerState: "PoweringOff" }, "it is being switched off"],
    [
      true,
      "Systems/1",
      { PowerState: null },
      "its controller doesn't know whether it is on: it may be starting anew itself",
    ],
    [true, "Systems/1", { MemorySummary: critical }, "a memory module is broken"],
    [true, "Systems/1", { ProcessorSummary: critical }, "a processor is broken"],
    [true, "Power", { PowerSupplies: [{ Name: "PSU 1", ...critical }] }, "power supply PSU 1 is broken"],
    [
      true,
      "Power",
      { PowerSupplies: [{ Name: "PSU 2", Status: { State: "UnavailableOffline" } }] },
      "power supply PSU 2 has no power",
    ],
    [true, "Thermal", { Fans: [{ Name: "Fan 3", ...critical }] }, "fan Fan 3 is broken"],
    [true, "Thermal", { Temperatures: [{ Name: "CPU 1", ...critical }] }, "it is too hot (CPU 1)"],
    [true, "Chassis/1", { PhysicalSecurity: { IntrusionSensor: "HardwareIntrusion" } }, "its lid is open"],
    [
      true,
      "Systems/1",
      { Boot: { BootSourceOverrideEnabled: "Once", BootSourceOverrideTarget: "Pxe" } },
      "it is set to start from network, not from its disk",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "MemoryInitializationStarted" } },
      "it stays at its memory: reseat or exchange a module",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "PrimaryProcessorInitializationStarted" } },
      "it stays at its processors: reseat or exchange one",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "PCIResourceConfigStarted" } },
      "it stays at its bus: a card hangs",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "SystemHardwareInitializationComplete" } },
      "its hardware is well, and nothing to start from is found: look at the boot order and the disk",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "SetupEntered" } },
      "somebody is in its firmware's setup: leave it",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "OSBootStarted" } },
      "its boot loader runs and the system hasn't started: look at its console",
    ],
    [
      true,
      "Systems/1",
      { BootProgress: { LastState: "OSRunning" } },
      "its system runs: look at its network and SSH",
    ],
    [
      true,
      "Entries",
      { Members: [{ Severity: "Critical", Created: "2026-01-01", Message: "No boot device" }] },
      "its log says: No boot device",
    ],
  ])("lit %s, %s %j: %s", async (lit, part, change, cause) => {
    const begun = performance.now();
    const [first] = await said(lit, part, change);
    expect(first).toBe(cause);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
