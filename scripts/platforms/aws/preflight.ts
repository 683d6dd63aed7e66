import type { ClusterSpec } from "../../../components/model/spec.ts";
import { pulumi } from "../../engine/command.ts";
import { explain } from "../../engine/stack.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { projectName } from "../../stacks.ts";
import { asking } from "./errors.ts";
import { look } from "./look.ts";
import type { Subject } from "./observe.ts";
import type { Observed } from "./observed.ts";
import { isProtected } from "./protection.ts";

/**
 * What is there before anything is changed. Asked first of all, so that who isn't signed in, or is with another account, hears of it
 * at once and not after a toolchain was made.
 *
 * @throws UserError
 */
export async function lookBefore({ access, plan, aws }: Subject): Promise<Observed> {
  await asking(access.region, async () => {
    const { accountId } = await access.autoScaling.config.credentials();
    if (aws.account !== null && accountId !== undefined && accountId !== aws.account)
      throw wrongAccount(accountId, aws.account);
  });
  return look(access, plan, aws);
}

function wrongAccount(actual: string, planned: string): UserError {
  return new UserError(
    `platform.account: this stack belongs into the account ${planned}, and these credentials are of ${actual}; choose others by AWS_PROFILE, or change platform.account`,
    exitCodes.stackProblems,
  );
}

/**
 * The provider replaces a Network Load Balancer when it is to leave a zone, and AWS refuses to delete one that is protected: that
 * would come up half-way, with other changes made.
 *
 * @throws UserError
 */
export async function mustKeepZones({ stack, aws, access }: Subject, { front }: Observed): Promise<void> {
  const zones = aws.vpc.zones.length;
  if (front === null || front.zones.length <= zones) return;
  if (!(await asking(access.region, () => isProtected(access, front.arn)))) return;
  throw new UserError(
    `platform.zones: ${zones} zones, and the load balancer of "${stack}" stands in ${front.zones.length}; it can't leave one, and it is protected from being made again. Name the zone again; or, where clients may meet an outage and a new address, set protect: false, bring that up, and take the zone away then`,
    exitCodes.stackProblems,
  );
}

/**
 * Looks whether the settings have every secret that the stack names; the engine would stop at the first one, in the middle.
 *
 * @throws UserError that names all that are missing
 */
export async function mustHaveSecrets(stack: string, spec: ClusterSpec): Promise<void> {
  const wanted = secretPaths(spec, "");
  if (wanted.size === 0) return;
  const result = await pulumi(["config", "--json", "--stack", stack]);
  if (result.exitCode !== 0)
    throw new UserError(`the settings of "${stack}" could not be read: ${explain(result)}`);
  const known = Object.keys(JSON.parse(result.stdout || "{}"));
  const missing = [...wanted].filter(([name]) => !known.includes(`${projectName}:${name}`));
  if (missing.length > 0)
    throw new UserError(
      missing.map(([name, path]) => missingSecret(stack, name, path)).join("\n"),
      exitCodes.stackProblems,
    );
}

function missingSecret(stack: string, name: string, path: string): string {
  return `${path}: the secret "${name}" has no value; \`./hotspare pulumi config set --secret ${name} --stack ${stack}\` asks for it, or reads it from a file: \`… < file\``;
}

/** Names of all secrets that a stack refers to, each with the first place where it does. */
export function secretPaths(value: unknown, path: string): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map();
  const { secret } = value as { secret?: unknown };
  if (typeof secret === "string" && Object.keys(value).length === 1) return new Map([[secret, path]]);
  const found = Object.entries(value).flatMap(([key, child]) => [
    ...secretPaths(child, path === "" ? key : `${path}.${key}`),
  ]);
  // Of several places the first counts, and a map keeps the last.
  return new Map(found.reverse());
}
