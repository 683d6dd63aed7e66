import { exitCodes, UserError } from "../../exit.ts";

/** How credentials are given; the end of every message about them. */
const waysToSignIn =
  "set AWS_PROFILE to a profile of ~/.aws/config (after `aws sso login` where it is one of SSO), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN with temporary ones)";

type Saying = (said: string, region: string) => UserError;

const missing = (message: string) => new UserError(message, exitCodes.missingTool);

/** Codes of AWS and of its SDK, by what they mean to a person. Services have different codes for the same. */
const sayings: readonly (readonly [RegExp, Saying])[] = [
  [
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/,
    (said) => missing(`the credentials for AWS have expired (${said}); sign in again: ${waysToSignIn}`),
  ],
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    (said) => missing(`there are no credentials for AWS (${said}); ${waysToSignIn}`),
  ],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature|OptInRequired)$/,
    (said, region) =>
      missing(
        `AWS does not take these credentials in ${region} (${said}); ${waysToSignIn}, and look whether the region is enabled in the account`,
      ),
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    (said) =>
      new UserError(
        `these credentials lack a right: ${said}. docs/aws.md has the policy that a deployer needs`,
      ),
  ],
  [
    /^(Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException)$/,
    (said) => new UserError(`AWS answers too slowly to so many questions (${said}); try again in a minute`),
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)$/,
    (said, region) =>
      missing(
        `AWS can't be reached from here in ${region} (${said}); look at the network, at HTTPS_PROXY and at platform.region`,
      ),
  ],
];

/** An error of the SDK, in words for people; one that none of them fits is returned as it is. */
export function explained(error: unknown, region: string): unknown {
  const { name = "", code = "", message = "" } = error as { name?: string; code?: string; message?: string };
  // An SSO session that has ended is a failure of the provider of credentials like any other, but for its words.
  const expired = /Credentials|Token/.test(name) && /expired/i.test(message);
  const kinds = expired ? ["ExpiredToken"] : [name, code];
  const saying = sayings.find(([kind]) => kinds.some((candidate) => kind.test(candidate)));
  return saying === undefined ? error : saying[1](message.trim() || name, region);
}

/** Runs what asks AWS; its errors become words for people. */
export async function asking<T>(region: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, region);
  }
}

/** Whether AWS says that what was asked for isn't there. */
export function isNotFound(error: unknown): boolean {
  const { name = "" } = error as { name?: string };
  return /NotFound/.test(name);
}
