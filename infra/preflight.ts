import type Docker from "dockerode";
import type { ClusterPlan } from "../components/plan/types.ts";

/**
 * Says in one sentence what is missing before the engine starts: the Docker Engine, or images that only we can build.
 * Images of the user's own are left to Docker, which pulls them.
 *
 * @throws Error with that sentence.
 */
export async function preflight(docker: Docker, plan: ClusterPlan): Promise<void> {
  try {
    await docker.ping();
  } catch (error) {
    throw new Error(
      `no Docker Engine answers (${(error as Error).message}); start it, or run \`npm run up -- ${plan.cluster}\`, which installs and starts what is missing`,
    );
  }
  const ours = new Set(
    [...plan.balancers, ...plan.nodes]
      .map(({ image }) => image)
      .filter((image) => image.startsWith("hotspare/")),
  );
  const missing = await Promise.all(
    [...ours].map(async (image) => ((await hasImage(docker, image)) ? null : image)),
  );
  const names = missing.filter((image) => image !== null).sort();
  if (names.length > 0) {
    throw new Error(
      `the Docker Engine lacks ${names.join(" and ")}; run \`npm run up -- ${plan.cluster}\`, which builds what is missing, or \`npm run images\` for the images alone`,
    );
  }
}

async function hasImage(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
