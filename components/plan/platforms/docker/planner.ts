import { machinePlanner } from "../../machines/planner.ts";
import type { PlatformPlanner } from "../contract.ts";

/** Containers on one Docker Engine: single machines and nothing else. */
export const dockerPlanner: PlatformPlanner = machinePlanner("Docker", { kind: "docker" });
