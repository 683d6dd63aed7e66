import { join } from "node:path";

/** Root of the project: the folder of Pulumi.yaml. */
export const projectRoot = join(import.meta.dirname, "..");
