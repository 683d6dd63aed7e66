import { setTimeout as sleep } from "node:timers/promises";
import type { PowerTimes, Switched } from "../types.ts";
import type { Answer, RedfishClient } from "./client.ts";
import { at, type Json, linkOf, objectOf, textOf, textsOf } from "./json.ts";
import type { RedfishService } from "./service.ts";
import { finished } from "./tasks.ts";
import { messageIds } from "./words.ts";

/* A server's virtual drive for CDs. */

interface Drive {
  readonly path: string;
  readonly body: Json;
  readonly etag: string | null;
}

/** Where makers have put the actions: the standard's, and HPE's of before. */
const actions = (verb: "Insert" | "Eject") => [
  ["Actions", `#VirtualMedia.${verb}Media`],
  ["Oem", "Hpe", "Actions", `#HpeiLOVirtualMedia.${verb}VirtualMedia`],
  ["Oem", "Hp", "Actions", `#HpiLOVirtualMedia.${verb}VirtualMedia`],
];

export class VirtualDrive {
  readonly #client: RedfishClient;
  readonly #service: RedfishService;
  readonly #times: PowerTimes;

  constructor(client: RedfishClient, service: RedfishService, times: PowerTimes) {
    this.#client = client;
    this.#service = service;
    this.#times = times;
  }

  async image(signal?: AbortSignal): Promise<string | null> {
    return imageIn((await this.#drive(signal)).body);
  }

  async insert(url: string, signal?: AbortSignal): Promise<void> {
    let drive = await this.#drive(signal);
    if (imageIn(drive.body) === url) return;
    if (imageIn(drive.body) !== null) {
      await this.eject(signal);
      drive = await this.#drive(signal);
    }
    const protocol = url.startsWith("https:") ? "HTTPS" : "HTTP";
    // What one demands another refuses.
    const bodies: readonly Json[] = [
      { Image: url, Inserted: true, WriteProtected: true },
      { Image: url },
      { Image: url, TransferProtocolType: protocol },
      {
        Image: url,
        TransferProtocolType: protocol,
        TransferMethod: "Stream",
        Inserted: true,
        WriteProtected: true,
      },
    ];
    await this.#first(drive, "Insert", bodies, signal);
    await this.#until((image) => image !== null, `${url} isn't in its virtual drive`, signal);
  }

  async eject(signal?: AbortSignal): Promise<Switched> {
    const drive = await this.#drive(signal);
    // To eject nothing is an error with some.
    if (imageIn(drive.body) === null) return "was so";
    await this.#first(drive, "Eject", [{}], signal);
    await this.#until((image) => image === null, "its virtual drive still has an image", signal);
    return "done";
  }

  /** HPE: start from it the next time. @returns whether the drive has such a flag */
  async bootNext(signal?: AbortSignal): Promise<boolean> {
    const { path, body, etag } = await this.#drive(signal);
    const maker = ["Hpe", "Hp"].find((name) => at(body, "Oem", name, "BootOnNextServerReset") !== undefined);
    if (maker === undefined) return false;
    await this.#client.send("PATCH", path, {
      etag,
      body: { Oem: { [maker]: { BootOnNextServerReset: true } } },
      signal,
    });
    return true;
  }

  async #drive(signal?: AbortSignal): Promise<Drive> {
    const { body } = await this.#service.system(signal);
    const managers = await this.#service.managers(body, signal);
    const owners = [body, ...(await this.#bodies(managers, signal))];
    for (const collection of owners.flatMap((owner) => linkOf(owner.VirtualMedia) ?? []))
      for (const path of await this.#service.members(collection, signal)) {
        const { body: found, etag } = await this.#client.get(path, signal);
        if (textsOf(found.MediaTypes).some((type) => ["CD", "DVD"].includes(type.toUpperCase())))
          return { path, body: found, etag };
      }
    throw this.#client.failure(
      "unsupported",
      "has no virtual drive for CDs; it may want a licence for it, or newer firmware",
    );
  }

  async #bodies(paths: readonly string[], signal?: AbortSignal): Promise<readonly Json[]> {
    const found: Json[] = [];
    for (const path of paths) found.push((await this.#client.get(path, signal)).body);
    return found;
  }

  /** The first body that it takes. */
  async #first(
    drive: Drive,
    verb: "Insert" | "Eject",
    bodies: readonly Json[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let refused: Answer | null = null;
    for (const body of bodies) {
      const answer = await this.#ask(drive, verb, body, signal);
      if (answer.status < 300) {
        const why = await finished(this.#client, answer, signal);
        if (why !== null) throw why;
        return;
      }
      refused ??= answer;
      if (!/Parameter|Property|Missing|Malformed/i.test(messageIds(answer.body).join(" "))) {
        refused = answer;
        break;
      }
    }
    if (refused !== null) throw this.#client.refusal(refused, `to ${verb.toLowerCase()} the image`);
  }

  async #ask(
    drive: Drive,
    verb: "Insert" | "Eject",
    body: Json,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const target = actions(verb)
      .map((path) => textOf(objectOf(at(drive.body, ...path)).target))
      .find((path) => path !== "");
    if (target !== undefined) return this.#client.tried("POST", target, { body, signal });
    const change = verb === "Insert" ? body : { Image: null, Inserted: false };
    return this.#client.tried("PATCH", drive.path, { etag: drive.etag, body: change, signal });
  }

  async #until(
    done: (image: string | null) => boolean,
    otherwise: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const deadline = performance.now() + this.#times.settle;
    while (!done(await this.image(signal))) {
      if (performance.now() >= deadline)
        throw this.#client.failure("failed", `took the order, and ${otherwise}; can it reach the image?`);
      await sleep(this.#times.pause, undefined, { signal });
    }
  }
}

/** Null for an empty drive. Some keep the last one's name. */
function imageIn(drive: Json): string | null {
  const image = textOf(drive.Image);
  return drive.Inserted === false || image === "" ? null : image;
}
