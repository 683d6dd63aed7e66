import { locateAwsProvider } from "../../scripts/toolchain/aws-provider.ts";
import type { Project } from "../support/project.ts";

/** The real provider, on PATH or in Pulumi's plugin folder; undefined where there is none. */
export const realProvider = locateAwsProvider({ ...process.env, PULUMI_DEBUG_PROVIDERS: "" });

/** Services that the stack's resources are made by, as the provider's `endpoints` call them. */
const services = ["autoscaling", "cloudwatch", "ec2", "elbv2", "iam", "logs", "s3", "sns", "ssm", "sts"];

/**
 * Has the program's provider call another place than AWS. By a transform in front of the program, so that the program stays as it is:
 * no stack could set this. Values of a provider's settings are JSON in JSON; its credentials come from the environment.
 */
export async function callElsewhere(project: Project, url: string): Promise<void> {
  const settings = {
    endpoints: JSON.stringify([Object.fromEntries(services.map((service) => [service, url]))]),
    s3UsePathStyle: "true",
    skipCredentialsValidation: "true",
    skipMetadataApiCheck: "true",
  };
  await project.write(
    "infra/elsewhere.ts",
    `import * as pulumi from "@pulumi/pulumi";
pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "pulumi:providers:aws" ? { props: { ...props, ...${JSON.stringify(settings)} }, opts } : undefined);
`,
  );
  await project.write("infra/tested.ts", 'import "./elsewhere.ts";\nexport * from "./index.ts";\n');
  await project.edit("Pulumi.yaml", "main: infra/index.ts", "main: infra/tested.ts");
}
