import { machinePlanner } from "../../machines/planner.ts";
import type { PlatformPlanner } from "../contract.ts";

/** Notes of single machines, and nothing else. */
export const memoryPlanner: PlatformPlanner = machinePlanner("memory", { kind: "memory" });
