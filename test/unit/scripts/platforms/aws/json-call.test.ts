import type { IncomingHttpHeaders } from "node:http";
import { beforeEach, expect, test } from "vitest";
import { awsAccess } from "../../../../../scripts/platforms/aws/access.ts";
import { callJson } from "../../../../../scripts/platforms/aws/json-call.ts";
import { standInForAws } from "../../../../support/aws/endpoint.ts";

let asked: { headers: IncomingHttpHeaders; body: string }[];
let answer: { status: number; body: string };
standInForAws((headers, body) => {
  asked.push({ headers, body });
  return answer;
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
