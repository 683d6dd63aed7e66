import { ContainerMachine } from "./container.ts";
import { RedfishEmulator } from "./emulator.ts";
import { type PersonaName, personas } from "./persona.ts";

/*
 * The lab's controllers, one on a port each. Environment: LAB_CONTROLLERS, a JSON list of servers; LAB_ACCOUNT, `user:password`.
 */

interface Entry {
  readonly name: string;
  readonly container: string;
  readonly persona: PersonaName;
  readonly port: number;
}

const entries = JSON.parse(process.env.LAB_CONTROLLERS ?? "[]") as Entry[];
const [user = "", password = ""] = (process.env.LAB_ACCOUNT ?? "").split(":");
for (const { name, container, persona, port } of entries) {
  const machine = new ContainerMachine("/run/docker.sock", container);
  const serial = name.toUpperCase();
  await new RedfishEmulator({ name, serial, persona: personas[persona], machine, user, password }).listen(
    port,
    "0.0.0.0",
  );
}
process.stdout.write(`${entries.length} controllers\n`);
process.on("SIGTERM", () => process.exit(0));
