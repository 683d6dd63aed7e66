import { SocketHttp } from "../socket-http.ts";
import type { Action, Power } from "../types.ts";
import type { Driver } from "./driver.ts";

/** A standby's system has two minutes to shut down, and its controller the time to see it. */
const longestSwitch = 240_000;

/**
 * Cold standbys on servers, and nodes that are fenced, by the switch beside this warden, which alone has their controllers' accounts. What
 * else runs is kept by the systemd of its own server, and nothing is done to it.
 */
export class ServerDriver implements Driver {
  readonly #http: SocketHttp | null;

  /** @param way to the switch; null where no server has a controller: standbys are promoted all the same */
  constructor(way: { readonly socketPath: string; readonly password: string } | null) {
    this.#http = way === null ? null : new SocketHttp(way.socketPath, way.password);
  }

  async power(): Promise<Record<string, Power>> {
    if (this.#http === null) return {};
    const { status, body } = await this.#http.ask("GET", "/power", undefined, 3000);
    if (status !== 200) throw new Error(`the switch answers ${status}: ${body.slice(0, 200).trim()}`);
    return JSON.parse(body) as Record<string, Power>;
  }

  async perform({ kind, node }: Action): Promise<string | null> {
    if (this.#http === null) return "nothing switches it";
    if (kind !== "start" && kind !== "stop" && kind !== "fence")
      return "its server's own systemd starts it again";
    const { status, body } = await this.#http.ask("POST", `/${node}/${kind}`, undefined, longestSwitch);
    if (status === 304) return "it is so already";
    if (status >= 300) throw new Error(body.slice(0, 300).trim());
    return null;
  }
}
