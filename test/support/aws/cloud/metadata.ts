import type { IncomingMessage, ServerResponse } from "node:http";
import { account } from "../facts.ts";

/** What the platform tells a machine of itself. */
export interface MachineMetadata {
  readonly instance: string;
  /** Lifecycle state that the group wants it in. */
  target: string;
}

/**
 * Instance metadata, version 2: every question but the first bears a token. Who asks is known by his address.
 *
 * @param of what is known of a machine by its address
 */
export function answerMetadata(
  of: (address: string) => MachineMetadata | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { url = "", method, headers, socket } = request;
  const reply = (status: number, text = "") => response.writeHead(status).end(text);
  const machine = of(socket.remoteAddress ?? "");
  if (machine === undefined) return void reply(404);
  if (url === "/latest/api/token" && method === "PUT") {
    response.setHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    return void reply(200, `token of ${machine.instance}`);
  }
  if (headers["x-aws-ec2-metadata-token"] !== `token of ${machine.instance}`) return void reply(401);
  const answer = answers(machine)[url.replace("/latest/meta-data/", "").replace(/\/$/, "")];
  reply(answer === undefined ? 404 : 200, answer);
}

const answers = ({ instance, target }: MachineMetadata): Readonly<Record<string, string>> => ({
  "instance-id": instance,
  "autoscaling/target-lifecycle-state": target,
  "iam/info": JSON.stringify({
    Code: "Success",
    LastUpdated: new Date().toISOString(),
    InstanceProfileArn: `arn:aws:iam::${account}:instance-profile/machine`,
    InstanceProfileId: "AIPAEXAMPLE",
  }),
  "iam/security-credentials": "machine",
  "iam/security-credentials/machine": JSON.stringify({
    Code: "Success",
    LastUpdated: new Date().toISOString(),
    Type: "AWS-HMAC",
    AccessKeyId: `AKIA${instance.slice(2).toUpperCase()}`.slice(0, 20),
    SecretAccessKey: "of tests only",
    Token: "of tests only",
    Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
  }),
});
