import type Docker from "dockerode";
import type { ClusterPlan } from "../../../components/plan/types.ts";

/*
 * Says in one sentence what is missing before the engine starts, and what to do.
 */

/** @throws Error when no Docker Engine answers. */
export async function dockerAnswers(docker: Docker, stack: string): Promise<void> {
  try {
    await docker.ping();
  } catch (error) {
    throw new Error(
      `no Docker Engine answers (${(error as Error).message}); start it, or run \`./hotspare up ${stack}\`, which installs and starts what is missing`,
    );
  }
}

/**
 * Looks for the images that only we can build; the user's own are left to Docker, which pulls them.
 *
 * @throws Error that names those that are missing.
 */
export async function imagesAreThere(docker: Docker, plan: ClusterPlan, stack: string): Promise<void> {
  const ours = new Set(
    [
      ...plan.balancers,
      ...(plan.directors?.machines ?? []),
      ...plan.nodes,
      ...(plan.accessories ?? []),
      ...(plan.workers ?? []),
      ...plan.wardens,
      ...(plan.filter === null ? [] : [plan.filter]),
    ]
      .map(({ image }) => image)
      .filter((image) => image.startsWith("hotspare/")),
  );
  const missing = await Promise.all(
    [...ours].map(async (image) => ((await hasImage(docker, image)) ? null : image)),
  );
  const names = missing.filter((image) => image !== null).sort();
  if (names.length > 0) {
    throw new Error(
      `the Docker Engine lacks ${names.join(" and ")}; run \`./hotspare up ${stack}\`, which builds what is missing, or \`./hotspare images\` for the kit's own alone`,
    );
  }
}

/** Whether the engine has an image of that name. */
export async function hasImage(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
