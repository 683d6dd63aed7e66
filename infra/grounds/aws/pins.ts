import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type AwsPins, noPins, pinsSchema } from "../../../components/model/platforms/aws/pins.ts";
import { projectRoot } from "../../project-root.ts";

/** The lock file: beside the stacks and committed with them, so that a review shows what a newer image or agent replaces. */
export const pinsFile = join(projectRoot, "stacks", "aws.lock.json");

/**
 * What is recorded of images and agents.
 *
 * @throws Error for a file that isn't one
 */
export function readPins(file = pinsFile): AwsPins {
  if (!existsSync(file)) return noPins;
  const shown = relative(projectRoot, file);
  const advice = "restore it from git, or delete it and run `./hotspare pins <stack> --refresh`";
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${shown}: it is not JSON (${(error as Error).message}); ${advice}`);
  }
  const { success, data, error } = pinsSchema.safeParse(content);
  if (success) return data;
  const [issue] = error.issues;
  throw new Error(`${shown}: ${issue?.path.join(".")}: ${issue?.message}; ${advice}`);
}
