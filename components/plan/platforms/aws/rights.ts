import type { AwsSpec, ClusterSpec, PoolSpec } from "../../../model/spec.ts";
import type { RegistryPlan } from "../../groups/types.ts";

type PoolOptions = AwsSpec["pools"][string];

/**
 * Where AWS's SDKs look for a container's credentials (SDKs and Tools reference guide, Container credential provider): this path at
 * 169.254.170.2, the one address beside the loopback that all of them take without TLS.
 */
export const credentialsPath = "/credentials";

/** What a pool's containers are told so that AWS's SDKs find their credentials; nothing where they get none. */
export function credentialsEnvironment(
  { platform }: Pick<ClusterSpec, "platform">,
  options: PoolOptions | undefined,
): Readonly<Record<string, string>> {
  if (platform.kind !== "aws" || options === undefined || options.policies.length === 0) return {};
  return {
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: credentialsPath,
    AWS_DEFAULT_REGION: platform.region,
    AWS_REGION: platform.region,
  };
}

/** A private registry of ECR, as its images are called (ECR user guide, Private registries). */
const ecr = /^(\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws))\/([^:@]+)/;

/** Account of an ECR registry's name. */
export function ecrAccount(server: string): string {
  return server.slice(0, 12);
}

/** How the machines of a pool sign in where its image is; null where anybody may fetch it. */
export function planRegistry(
  { image }: Pick<PoolSpec, "image">,
  options: PoolOptions | undefined,
): RegistryPlan | null {
  if (image.kind !== "reference") return null;
  if (options?.registry != null) return { kind: "password", ...options.registry };
  const [, server, region, repository] = ecr.exec(image.reference) ?? [];
  if (server === undefined || region === undefined || repository === undefined) return null;
  return { kind: "own", server, region, repository };
}
