import type { AwsSpec } from "../../../components/model/spec.ts";
import type { Ground } from "../contract.ts";
import { bootstrap } from "./bootstrap.ts";
import { rollsIn } from "./rolls.ts";

/**
 * A stack on AWS: an explicit provider of the stack's region, which refuses any account but the stack's own, and the ids of the
 * images. The provider's package is loaded here, for those alone who need it.
 */
export async function awsGround(platform: AwsSpec): Promise<Ground> {
  const aws = await import("@pulumi/aws");
  const { region, account } = platform;
  const provider = new aws.Provider("aws", {
    region,
    ...(account === null ? {} : { allowedAccountIds: [account] }),
  });
  return {
    observe: async () => ({}),
    check: async () => undefined,
    begin: async () => undefined,
    access: {
      aws: {
        // The id of an image is no secret, as every value of a parameter is taken to be.
        imageId: (parameter) => aws.ssm.getParameterOutput({ name: parameter }, { provider }).insecureValue,
        bootstrap,
        roll: rollsIn(region),
      },
    },
    options: { providers: [provider] },
  };
}
