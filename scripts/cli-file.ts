import { join } from "node:path";
import { moduleEnding } from "../infra/project-root.ts";

/** The program of all verbs, for those that run another verb in a process of its own. */
export const cliFile = join(import.meta.dirname, `cli${moduleEnding}`);
