import { join } from "node:path";
import type { Progress } from "./progress.ts";
import { downloadProvider, isProviderDownloadable } from "./pulumi/download.ts";
import { findProvider, pluginRoot } from "./pulumi/find.ts";
import { pinnedAwsProvider } from "./versions.ts";

/**
 * Where Pulumi's provider for AWS is: attached by `PULUMI_DEBUG_PROVIDERS`, on PATH, or in Pulumi's plugin folder; undefined when
 * nowhere.
 */
export function locateAwsProvider(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const attached = (env.PULUMI_DEBUG_PROVIDERS ?? "").split(",").find((entry) => entry.startsWith("aws:"));
  if (attached !== undefined) return `attached, on port ${attached.slice("aws:".length)} of this machine`;
  return findProvider("aws", pinnedAwsProvider(), env);
}

/**
 * Finds Pulumi's provider for AWS, or lets Pulumi download it. There is no way to build it here, as there is for
 * the Docker provider.
 *
 * @throws with what is missing and what to do
 */
export async function ensureAwsProvider(
  progress: Progress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (locateAwsProvider(env) !== undefined) return;
  const version = pinnedAwsProvider();
  if (!(await isProviderDownloadable("aws", version)))
    throw new Error(`${awsProviderAdvice(env)} Pulumi's download host can't be reached from here.`);
  await progress.task(`Pulumi's AWS provider ${version}`, async (update) => {
    update("downloading, about 150 MB");
    await downloadProvider(progress, "pulumi", "aws", version).catch((error: Error) => {
      throw new Error(`${awsProviderAdvice(env)} The download failed: ${error.message}`);
    });
    update("downloaded");
  });
}

/** One sentence on what is missing and how to bring it. */
export function awsProviderAdvice(env: NodeJS.ProcessEnv = process.env): string {
  const version = pinnedAwsProvider();
  const folder = join(pluginRoot(env), `resource-aws-v${version}`);
  return `Pulumi's provider for AWS is missing (pulumi-resource-aws ${version} or a later one of its major version): it is neither on PATH nor in ${pluginRoot(env)}. Where Pulumi's download host can be reached, \`./hotspare up\` of a stack on AWS brings it; elsewhere bring ${folder} from such a machine (\`pulumi plugin install resource aws v${version}\`), or put pulumi-resource-aws on PATH.`;
}
