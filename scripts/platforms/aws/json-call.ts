import { Hash } from "@smithy/hash-node";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsAccess } from "./access.ts";

/*
 * Calls of services of which one operation is needed, by AWS's own signer: a client in one piece for each would be 2 MB.
 */

/** Services that speak JSON 1.1 (botocore's service models, `metadata`). */
const targets = { kms: "TrentService", ssm: "AmazonSSM", servicequotas: "ServiceQuotasV20190624" } as const;

/** Milliseconds until an answer is given up. */
const patience = 15_000;

/**
 * One call, signed with the credentials that the commands have.
 *
 * @throws Error with AWS's code as its name, as the SDK's are
 */
export async function callJson<T>(
  { region, ec2 }: AwsAccess,
  service: keyof typeof targets,
  operation: string,
  input: object,
): Promise<T> {
  const url = new URL(endpointOf(service, region));
  const request = new HttpRequest({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: "/",
    headers: {
      host: url.host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${targets[service]}.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const { credentials } = ec2.config;
  const signer = new SignatureV4({ service, region, credentials, sha256: Hash.bind(null, "sha256") });
  const { headers, body } = await signer.sign(request);
  // `fetch` says it itself.
  delete headers.host;
  const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(patience) });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  throw failure(answer.status, text);
}

function failure(status: number, text: string): Error {
  const { __type = "", message, Message } = readable(text);
  const error = new Error(message ?? Message ?? `HTTP ${status}`);
  // With a namespace before it, at times.
  error.name = __type.slice(__type.lastIndexOf("#") + 1) || `Http${status}`;
  return error;
}

function readable(text: string): { __type?: string; message?: string; Message?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** As the SDK's clients take it from the environment. */
function endpointOf(service: keyof typeof targets, region: string): string {
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const { env } = process;
  const variable = { kms: "KMS", ssm: "SSM", servicequotas: "SERVICE_QUOTAS" }[service];
  return (
    env[`AWS_ENDPOINT_URL_${variable}`] || env.AWS_ENDPOINT_URL || `https://${service}.${region}.${domain}/`
  );
}
