import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { awsAccess } from "../../../../../scripts/platforms/aws/access.ts";
import { callJson } from "../../../../../scripts/platforms/aws/json-call.ts";

let server: Server;
let asked: { headers: IncomingMessage["headers"]; body: string }[];
let answer: { status: number; body: string };
beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push({ headers: request.headers, body: await text(request) });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const call = () => callJson(awsAccess("eu-central-1"), "ssm", "GetParameter", { Name: "a" });

test("a call is signed for its service and region", async () => {
  answer = { status: 200, body: '{"Parameter":{"Value":"b"}}' };
  expect(await call()).toEqual({ Parameter: { Value: "b" } });
  const [{ headers, body } = { headers: {}, body: "" }] = asked;
  expect(body).toBe('{"Name":"a"}');
  expect(headers).toMatchObject({
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AmazonSSM.GetParameter",
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-central-1\/ssm\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
    ),
  });
});

test.each([
  ['{"__type":"com.amazonaws#AccessDeniedException","Message":"no"}', "AccessDeniedException", "no"],
  ['{"__type":"ThrottlingException","message":"slower"}', "ThrottlingException", "slower"],
  ["<html>", "Http400", "HTTP 400"],
])("a refusal has AWS's code as its name: %s", async (body, name, message) => {
  answer = { status: 400, body };
  await expect(call()).rejects.toMatchObject({ name, message });
});
