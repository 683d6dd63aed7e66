import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { controllerCertificate } from "./certificate.ts";
import { type Condition, documentsOf, pathsOf } from "./documents.ts";
import type { EmulatorOptions } from "./options.ts";
import { type Reply, type Request, refused, send } from "./reply.ts";
import { type Document, root, sessionsPath } from "./service-documents.ts";
import { Sessions } from "./sessions.ts";

/*
 * A management controller that speaks Redfish, with a maker's habits, whose buttons act on whatever machine it is given. For the lab and
 * for tests. OpenStack's `sushy` and DMTF's `redfish_utilities` take it for a controller.
 */

/**
 * What a test puts in the way: an answer instead of the right one, nothing at all, a connection that breaks before anything is done, or one
 * that breaks before it is told.
 */
export type Fault = (request: Request) => Hindrance | Promise<Hindrance>;
type Hindrance = Reply | "silence" | "cut" | "lost" | null;

export class RedfishEmulator {
  readonly condition: Condition = {
    power: "Off",
    boot: {
      BootSourceOverrideTarget: "None",
      BootSourceOverrideEnabled: "Disabled",
      BootSourceOverrideMode: "UEFI",
    },
    image: null,
    bootNext: false,
    progress: "None",
  };
  /** Everything that was asked, e.g. `GET /redfish/v1/`. */
  readonly asked: string[] = [];
  fault: Fault | null = null;
  /** Another document in place of the right one. */
  shape: (path: string, document: Document) => Document = (_, document) => document;
  attributes: Document = {};
  readonly sessions: Sessions;
  readonly #options: EmulatorOptions;
  readonly #server: Server;
  readonly #tasks = new Map<string, number>();
  readonly #uuid = randomUUID();

  constructor(options: EmulatorOptions) {
    this.#options = options;
    this.sessions = new Sessions(options);
    this.#server = createServer(pem(options.name), (incoming, response) => {
      this.#serve(incoming, response).catch((error: Error) =>
        send(response, "GET", refused(500, "InternalError", error.message)),
      );
    });
  }

  /** @returns the port */
  async listen(port = 0, host = "127.0.0.1"): Promise<number> {
    await new Promise<void>((resolve, reject) =>
      this.#server.once("error", reject).listen(port, host, resolve),
    );
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** What a controller does when it starts anew. */
  forget(): void {
    this.sessions.clear();
    this.#tasks.clear();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString("utf8");
    const { method = "", headers } = incoming;
    const { pathname } = new URL(incoming.url ?? "/", "https://controller");
    let body: Document | null = {};
    try {
      if (text !== "") body = JSON.parse(text);
    } catch {
      body = null;
    }
    this.asked.push(`${method} ${pathname}`);
    const request = { method, path: pathname, headers, body: body ?? {} };
    const fault = (await this.fault?.(request)) ?? null;
    if (fault === "silence") return;
    if (fault === "cut") return void incoming.socket.destroy();
    const right = () => (body === null ? refused(400, "MalformedJSON") : this.#answer(request));
    if (fault === "lost") {
      await right();
      return void incoming.socket.destroy();
    }
    const reply = fault ?? (await right());
    send(response, method, reply);
  }

  async #answer(request: Request): Promise<Reply> {
    const { method, path, headers } = request;
    if (path === "/redfish") return { status: 200, body: { v1: `${root}/` } };
    if (method === "POST" && path === sessionsPath && this.#options.persona.sessions !== null)
      return this.sessions.login(request);
    const bare = path.length > 1 ? path.replace(/\/$/, "") : path;
    if (bare !== root && !this.sessions.lets(headers))
      return {
        ...refused(401, "NoValidSession"),
        headers: { "www-authenticate": 'Basic realm="controller"' },
      };
    const session = this.sessions.at(method, bare);
    if (session !== null) return session;
    const task = this.#tasks.get(bare);
    if (task !== undefined) return this.#task(bare, task);
    if (method === "POST" && bare.includes("/Actions/")) return this.#act(bare, request.body);
    const document = (await this.#documents()).get(bare === root ? `${root}/` : bare);
    if (document === undefined) return refused(404, "ResourceMissingAtURI");
    if (method === "GET" || method === "HEAD") return this.#document(document);
    if (method === "PATCH") return this.#patch(bare, document, request);
    return { ...refused(405, "OperationNotAllowed"), headers: { allow: "GET, HEAD" } };
  }

  async #documents(): Promise<Map<string, Document>> {
    const { persona, serial, machine } = this.#options;
    const { power } = this.condition;
    if (!power.startsWith("Powering")) this.condition.power = (await machine.isOn()) ? "On" : "Off";
    const all = documentsOf(persona, serial, this.#uuid, this.condition);
    if (persona.sessions !== null) all.set(sessionsPath, this.sessions.collection);
    for (const [path, document] of all) all.set(path, this.shape(path, document));
    return all;
  }

  #document(document: Document, status = 200): Reply {
    const { tag } = this.#options.persona;
    const etag = tagOf(document);
    if (tag === "body") return { status, body: { ...document, "@odata.etag": etag } };
    return { status, body: document, headers: tag === "header" ? { etag } : {} };
  }

  async #act(path: string, body: Document): Promise<Reply> {
    const { persona } = this.#options;
    const { system, drive } = pathsOf(persona);
    if (path === `${system}/Actions/ComputerSystem.Reset`) return this.#reset(body);
    const [, verb] = new RegExp(`^${drive}/Actions/.*\\.(Insert|Eject)(?:Virtual)?Media$`).exec(path) ?? [];
    if (verb === "Insert") return this.#insert(body);
    if (verb === "Eject") return this.#eject();
    return refused(404, "ActionNotSupported");
  }

  async #reset({ ResetType }: Document): Promise<Reply> {
    const { persona, machine } = this.#options;
    if (typeof ResetType !== "string") return refused(400, "ActionParameterMissing");
    if (!persona.resets.includes(ResetType)) return refused(400, "ActionParameterNotSupported");
    const isOn = await machine.isOn();
    const wanted = ResetType === "PushPowerButton" ? !isOn : !/Off|Shutdown/.test(ResetType);
    if (persona.strict && wanted === isOn && !ResetType.endsWith("Restart"))
      return refused(400, "InvalidOperationForSystemState");
    if (wanted) await this.#start(isOn && ResetType.endsWith("Restart"));
    else await machine.off(ResetType === "ForceOff");
    return this.#done();
  }

  async #start(anew: boolean): Promise<void> {
    const { machine } = this.#options;
    if (anew) await machine.off(true);
    await machine.on();
    const { boot } = this.condition;
    if (boot.BootSourceOverrideEnabled === "Once")
      this.condition.boot = {
        ...boot,
        BootSourceOverrideTarget: "None",
        BootSourceOverrideEnabled: "Disabled",
      };
    this.condition.bootNext = false;
  }

  #insert(body: Document): Reply {
    const { insert } = this.#options.persona;
    const { Image } = body;
    if (typeof Image !== "string" || !/^https?:\/\//.test(Image))
      return refused(400, "ActionParameterMissing");
    if (insert === "image-only" && Object.keys(body).length > 1)
      return refused(400, "ActionParameterUnknown");
    if (insert === "needs-protocol" && body.TransferProtocolType === undefined)
      return refused(400, "ActionParameterMissing");
    this.condition.image = Image;
    return this.#done();
  }

  #eject(): Reply {
    if (this.condition.image === null && this.#options.persona.strict)
      return refused(400, "NoVirtualMediaInserted");
    this.condition.image = null;
    return this.#done();
  }

  #done(): Reply {
    const { done } = this.#options.persona;
    if (done === 204) return { status: 204 };
    if (done === 200) return refused(200, "Success");
    const path = `${root}/TaskService/Tasks/${randomUUID().slice(0, 8)}`;
    this.#tasks.set(path, 2);
    return { status: 202, headers: { location: path }, body: { "@odata.id": path, TaskState: "Running" } };
  }

  /** Two looks at it, and it is over. */
  #task(path: string, left: number): Reply {
    if (left === 0) this.#tasks.delete(path);
    else this.#tasks.set(path, left - 1);
    const TaskState = left > 1 ? "Running" : "Completed";
    return {
      status: 200,
      body: {
        "@odata.id": path,
        "@odata.type": "#Task.v1_7_0.Task",
        Id: path.split("/").at(-1),
        Name: "Task",
        TaskState,
        TaskStatus: "OK",
        Messages: [],
      },
    };
  }

  async #patch(path: string, document: Document, { headers, body }: Request): Promise<Reply> {
    const { persona } = this.#options;
    const { system, drive, manager } = pathsOf(persona);
    if (![system, drive, `${manager}/Attributes`].includes(path))
      return { ...refused(405, "OperationNotAllowed"), headers: { allow: "GET, HEAD" } };
    const match = headers["if-match"];
    if (match === undefined && persona.needsTag) return refused(428, "PreconditionRequired");
    if (match !== undefined && match !== "*" && match !== tagOf(document))
      return refused(412, "PreconditionFailed");
    if (path === `${manager}/Attributes`)
      this.attributes = { ...this.attributes, ...(body.Attributes as Document) };
    else if (path === drive) return this.#patchDrive(body);
    else return this.#patchBoot(body);
    return this.#done();
  }

  #patchDrive(body: Document): Reply {
    const hpe = (body.Oem as { Hpe?: { BootOnNextServerReset?: boolean } } | undefined)?.Hpe;
    if (hpe !== undefined) this.condition.bootNext = hpe.BootOnNextServerReset === true;
    else if (this.#options.persona.drive.verbs !== "patch") return refused(400, "PropertyNotWritable");
    else if (body.Image === null) return this.#eject();
    else return this.#insert(body);
    return this.#done();
  }

  async #patchBoot({ Boot }: Document): Promise<Reply> {
    const { persona } = this.#options;
    if (typeof Boot !== "object" || Boot === null) return refused(400, "PropertyNotWritable");
    const { BootSourceOverrideTarget: target, ...asked } = Boot as Condition["boot"];
    if (target !== undefined && !persona.bootTargets.includes(target))
      return refused(400, "PropertyValueNotInList");
    const mode = persona.dropsMode ? { BootSourceOverrideMode: "Legacy" } : {};
    this.condition.boot = {
      ...this.condition.boot,
      ...mode,
      ...(target === undefined ? {} : { BootSourceOverrideTarget: target }),
      ...asked,
    };
    const after = (await this.#documents()).get(pathsOf(persona).system) ?? {};
    return this.#document(after);
  }
}

const tagOf = (document: Document) =>
  `"${createHash("sha256").update(JSON.stringify(document)).digest("hex").slice(0, 16)}"`;

function pem(name: string): { readonly key: string; readonly cert: string } {
  const { key, certificate } = controllerCertificate(name);
  return { key, cert: certificate };
}
