import { awsProviderAdvice, locateAwsProvider } from "../../toolchain/aws-provider.ts";
import type { Check } from "../../toolchain/check.ts";

const onlyFor = "aws";

/** Credentials are looked for and not tried: a doctor asks nobody outside. */
export async function awsChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const provider = locateAwsProvider(env);
  const name = "AWS provider";
  return [
    provider === undefined
      ? { name, state: "missing", detail: "not found", fix: awsProviderAdvice(env), onlyFor }
      : { name, state: "ok", detail: provider, onlyFor },
    await awsCredentials(),
  ];
}

async function awsCredentials(): Promise<Check> {
  const name = "AWS credentials";
  // Loaded here only: the SDK takes a while, and most commands of this file's need none of it.
  const [{ awsAccess }, { explained }] = await Promise.all([import("./access.ts"), import("./errors.ts")]);
  try {
    const { accessKeyId, accountId } = await awsAccess("us-east-1").autoScaling.config.credentials();
    const account = accountId === undefined ? "" : ` of the account ${accountId}`;
    return { name, state: "ok", detail: `${accessKeyId.slice(0, 4)}…${account}, not tried`, onlyFor };
  } catch (error) {
    const { message } = explained(error, "us-east-1") as Error;
    return { name, state: "missing", detail: "not found", fix: message, onlyFor };
  }
}
