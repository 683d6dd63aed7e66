import { keyMeant } from "../../../components/model/identity.ts";
import { clusterNames } from "../../../components/plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../../components/plan/platforms/aws/part.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { planOf, specOf } from "../../stacks.ts";
import type { FeedOptions } from "../contract.ts";

/** Logs of a stack on AWS are in CloudWatch, and its own CLI reads and follows them better than we would: the commands for it. */
export function logsElsewhere(
  stack: string,
  said: readonly string[],
  { follow }: Pick<FeedOptions, "follow">,
): UserError {
  const plan = planOf(stack);
  const keys = plan.groups.map(({ key }) => key);
  const { pools } = specOf(stack);
  const asked = said.map((word) => keyMeant(pools, keys, word));
  const unknown = asked.filter((key) => !keys.includes(key));
  if (unknown.length > 0) {
    return new UserError(
      `there is no group ${unknown.join(", ")}; "${stack}" has [${keys.join(", ")}]`,
      exitCodes.usage,
    );
  }
  const commands = (asked.length === 0 ? keys : asked).map(
    (key) =>
      `  aws logs tail ${clusterNames(plan).logs}${key} --region ${awsPlanOf(plan).region}${follow ? " --follow" : ""}`,
  );
  return new UserError(
    `"${stack}" is on AWS, whose CloudWatch keeps what its machines write; its own CLI shows it:\n${commands.join("\n")}`,
    exitCodes.usage,
  );
}
