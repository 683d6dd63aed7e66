import { exitCodes, UserError } from "../../exit.ts";

/** Why there are no drills here, and what does instead. */
export function noDrills(stack: string): UserError {
  return new UserError(
    `"${stack}" is on AWS, and drills break machines through a Docker Engine, under load from one of its containers; on AWS neither exists yet. \`./hotspare plan\` has the forecast of each fault, and \`aws autoscaling terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id <id>\` takes one node away by hand (ids by \`./hotspare status\`)`,
    exitCodes.usage,
  );
}
