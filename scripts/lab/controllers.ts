import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import { engineSocket } from "../../components/platform/docker/endpoint.ts";
import { homeFolder } from "../../infra/folders.mjs";
import { folderImage } from "../../infra/images.ts";
import { openPower } from "../../infra/power/open.ts";
import { UserError } from "../exit.ts";
import { controllerCertificate } from "./controller/certificate.ts";
import type { PersonaName } from "./controller/persona.ts";

/* The lab's management controllers: one container in which each server has one, whose buttons start and stop the servers' containers. */

/** Where they answer: an address of the lab's network, and a port each. */
export const controllerAddress = "10.78.60.9";

/** What each server's controller is like. */
const makers: readonly PersonaName[] = ["ilo6", "xcc", "idrac", "supermicro"];

export const controllerImage = () => folderImage("lab-controller", join(import.meta.dirname, "controller"));

/** The nth server's controller. */
export const controllerPort = (index: number) => 8441 + index;

export interface Controlled {
  readonly name: string;
  readonly container: string;
}

/** File with the account of all of them, made for this user alone. @throws UserError without a home folder */
export function labAccount(): string {
  const home = homeFolder();
  if (home === null)
    throw new UserError("the lab's account is in the home folder, and this user has none: set HOME");
  const file = join(home, ".cache", "hotspare", "lab", "controllers");
  if (!existsSync(file)) {
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    writeFileSync(file, `operator:${randomBytes(9).toString("base64url")}\n`, { mode: 0o600 });
  }
  return file;
}

/** Starts them, and waits until each answers. @param host of the engine */
export async function startControllers(
  docker: Docker,
  host: string,
  container: ContainerCreateOptions,
  servers: readonly Controlled[],
): Promise<void> {
  const account = readFileSync(labAccount(), "utf8").trim();
  const entries = servers.map((server, index) => ({
    ...server,
    persona: makers[index % makers.length],
    port: controllerPort(index),
  }));
  const made = await docker.createContainer({
    ...container,
    Env: [`LAB_CONTROLLERS=${JSON.stringify(entries)}`, `LAB_ACCOUNT=${account}`],
    HostConfig: {
      ...container.HostConfig,
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      Mounts: [{ Type: "bind", Source: engineSocket(host), Target: "/run/docker.sock" }],
    },
  });
  await made.start();
  const [user = "", password = ""] = account.split(":");
  for (const [index, { name }] of servers.entries())
    await answers(name, { port: controllerPort(index), user, password });
}

async function answers(
  server: string,
  way: { readonly port: number; readonly user: string; readonly password: string },
): Promise<void> {
  const { digest } = controllerCertificate(server);
  const controller = {
    server,
    kind: "redfish",
    host: controllerAddress,
    certificate: digest,
    serial: null,
  } as const;
  const power = openPower({ ...controller, ...way }, { request: 2_000 });
  try {
    for (const until = Date.now() + 30_000; ; await sleep(200)) {
      try {
        await power.status();
        return;
      } catch (error) {
        if (Date.now() > until) throw new UserError(`the lab: ${(error as Error).message}`);
      }
    }
  } finally {
    await power.close();
  }
}
