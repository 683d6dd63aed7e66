import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { xmlError } from "../answers.ts";
import { describedGroups, fleetAnswer } from "./fleet-api.ts";
import type { AwsStandIn } from "./provider.ts";

/** EC2 Auto Scaling's API by HTTP, for a program that calls nothing else: over what the engine has made. */
export class FleetServer {
  readonly #server;

  constructor({ world, fleet }: Pick<AwsStandIn, "world" | "fleet">) {
    this.#server = createServer(async (request, response) => {
      const body = await text(request);
      const isLook = new URLSearchParams(body).get("Action") === "DescribeAutoScalingGroups";
      const answer = isLook ? describedGroups(world.things, body) : fleetAnswer(fleet, body);
      const { status, body: said } = answer ?? xmlError(400, "InvalidAction", "nothing is known of it here");
      response.writeHead(status, { "content-type": "text/xml" }).end(said);
    });
  }

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
