import { ensureAwsProvider } from "../../toolchain/aws-provider.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { missingTool, readyPulumi } from "../../toolchain/ready.ts";

/** The engine with the provider for AWS. @throws UserError that says what is missing and how to bring it */
export async function readyEngine(progress: Progress): Promise<void> {
  await readyPulumi(progress);
  await missingTool(() => ensureAwsProvider(progress));
}
