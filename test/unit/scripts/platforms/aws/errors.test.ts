import { describe, expect, test } from "vitest";
import { UserError } from "../../../../../scripts/exit.ts";
import { explained } from "../../../../../scripts/platforms/aws/errors.ts";

const said = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

describe("what AWS and its SDK complain of", () => {
  const cases: readonly (readonly [string, Error, string, number])[] = [
    [
      "nobody is signed in",
      said("CredentialsProviderError", "Could not load credentials from any providers"),
      "there are no credentials for AWS (Could not load credentials from any providers); set AWS_PROFILE",
      4,
    ],
    [
      "a session of SSO that has ended",
      said("CredentialsProviderError", "The SSO session associated with this profile has expired."),
      "the credentials for AWS have expired (The SSO session",
      4,
    ],
    [
      "a token that has expired",
      said("ExpiredToken", "The security token is expired"),
      "the credentials for AWS have expired",
      4,
    ],
    [
      "a request of EC2's that has",
      said("RequestExpired", "Request has expired."),
      "the credentials for AWS have expired",
      4,
    ],
    [
      "a key that AWS doesn't know",
      said("InvalidClientTokenId", "not valid"),
      "AWS does not take these credentials in eu-central-1",
      4,
    ],
    [
      "EC2's word for the same",
      said("AuthFailure", "not able to validate"),
      "AWS does not take these credentials",
      4,
    ],
    [
      "a right that is missing",
      said("AccessDenied", "User: arn:… is not authorized to perform: autoscaling:DescribeAutoScalingGroups"),
      "these credentials lack a right: User: arn:… is not authorized to perform: autoscaling:DescribeAutoScalingGroups",
      1,
    ],
    ["too many questions", said("Throttling", "Rate exceeded"), "AWS answers too slowly", 1],
    [
      "no network",
      said("Error", "getaddrinfo ENOTFOUND", { code: "ENOTFOUND" }),
      "AWS can't be reached from here in eu-central-1",
      4,
    ],
    ["a call without an answer", said("TimeoutError", "did not respond"), "AWS can't be reached", 4],
  ];
  test.each(cases)("%s", (_, error, message, exitCode) => {
    const explanation = explained(error, "eu-central-1");
    expect(explanation).toBeInstanceOf(UserError);
    expect(explanation).toMatchObject({ exitCode, message: expect.stringContaining(message) });
  });

  test("what nobody foresaw stays as it is", () => {
    const error = said("ValidationError", "1 validation error detected");
    expect(explained(error, "eu-central-1")).toBe(error);
  });
});
