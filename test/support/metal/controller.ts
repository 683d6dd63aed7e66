import { openPower } from "../../../infra/power/open.ts";
import type { Controller, Power } from "../../../infra/power/types.ts";
import { controllerCertificate } from "../../../scripts/lab/controller/certificate.ts";
import { RedfishEmulator } from "../../../scripts/lab/controller/emulator.ts";
import { Lamp } from "../../../scripts/lab/controller/machine.ts";
import { generic, type Persona } from "../../../scripts/lab/controller/persona.ts";

/* A management controller of the lab in this process, in front of a lamp, and the kit's way to it. */

export interface Bench {
  readonly emulator: RedfishEmulator;
  readonly lamp: Lamp;
  readonly controller: Controller;
  readonly power: Power;
}

const open: Bench[] = [];
const times = { request: 2_000, settle: 1_500, pause: 10 };

/** @param change what this controller is like, and how it is reached */
export async function bench(
  change: {
    readonly persona?: Partial<Persona>;
    readonly lit?: boolean;
    readonly way?: Partial<Controller>;
    readonly serial?: string;
  } = {},
): Promise<Bench> {
  const lamp = new Lamp(change.lit ?? false);
  const emulator = new RedfishEmulator({
    name: "s1",
    serial: change.serial ?? "SN1",
    persona: { ...generic, ...change.persona },
    machine: lamp,
    user: "operator",
    password: "hush",
  });
  const controller: Controller = {
    server: "s1",
    kind: "redfish",
    host: "127.0.0.1",
    port: await emulator.listen(),
    user: "operator",
    password: "hush",
    certificate: controllerCertificate("s1").digest,
    serial: null,
    ...change.way,
  };
  const made = { emulator, lamp, controller, power: openPower(controller, times) };
  open.push(made);
  return made;
}

/** Ends all that a test has opened. */
export async function endBenches(): Promise<void> {
  for (const { emulator, power } of open.splice(0)) {
    await power.close();
    await emulator.close();
  }
}
