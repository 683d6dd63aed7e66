import awsProduction from "./aws-production.ts";
import awsStaging from "./aws-staging.ts";
import dev from "./dev.ts";
import staging from "./staging.ts";

/** Every stack by the name that Pulumi and the commands know it by. */
export const stacks: Readonly<Record<string, unknown>> = {
  dev,
  staging,
  "aws-staging": awsStaging,
  "aws-production": awsProduction,
};
