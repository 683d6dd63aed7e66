import { containersOf } from "../../../components/model/containers.ts";
import { virtualAddressOf } from "../../../components/plan/virtual-address.ts";
import { sshTransport } from "../../../components/platform/metal/transport.ts";
import { checkBuildFolders, contextFolder } from "../../../infra/build-folders.ts";
import { poolImage } from "../../../infra/images.ts";
import { deliveredMachines, redeliver } from "../../engine/redeliver.ts";
import { planOf, specOf } from "../../stacks.ts";
import { waitUntilServing } from "../../status/wait.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import { readySentImages } from "../../toolchain/sent-images.ts";
import type { PlatformUp, StackWork } from "../contract.ts";
import { clusterStatus } from "./look.ts";
import { observedPlan, planBy } from "./observed-plan.ts";
import { reportOf } from "./report.ts";

/** Builds what nodes run and no registry has; the provider sends it. */
async function readyImages(stack: string, progress: Progress): Promise<void> {
  const spec = specOf(stack);
  checkBuildFolders(spec);
  const images = containersOf(spec).flatMap(({ name, container: { image } }) =>
    image.kind === "build" ? [poolImage(name, contextFolder(image.context), image)] : [],
  );
  await readySentImages(progress, images);
}

/** An `up` on servers: what they lack is brought to them. */
export async function beginUp({ stack, progress }: StackWork): Promise<PlatformUp> {
  return {
    plan: planOf(stack),
    ready: async () => {
      await readyPulumi(progress);
      await readyImages(stack, progress);
    },
    beforeEngine: async ({ resources }) => {
      const plan = planBy(stack, resources);
      await redeliver({
        plan,
        transport: sshTransport(plan),
        machines: deliveredMachines(resources),
        resources,
        progress,
      });
    },
    settle: async () => {
      const plan = await observedPlan(stack);
      const { tier } = plan;
      await waitUntilServing({
        stack,
        plan,
        transport: sshTransport(plan),
        progress,
        look: () => clusterStatus(stack, plan),
        entrance: {
          address: virtualAddressOf(plan),
          httpPort: tier.httpPort,
          tlsPort: tier.tls?.port ?? null,
        },
      });
      return reportOf(stack, plan);
    },
    next: ["status", "logs", "down"],
  };
}
