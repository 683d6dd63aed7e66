import type { CommandPlatform } from "../contract.ts";
import { faults } from "./faults.ts";

/** Servers of one's own, by SSH. */
export const metalCommands: CommandPlatform = {
  kind: "metal",
  place: "on servers",
  owns: (type) => type.startsWith("hotspare-metal:"),
  readyEngine: async (progress) => (await import("../../toolchain/ready.ts")).readyPulumi(progress),
  tools: () => ({}),
  up: async (work) => (await import("./up.ts")).beginUp(work),
  down: async (work) => (await import("./down.ts")).beginDown(work),
  status: async (stack) => (await import("./report.ts")).report(stack),
  logs: async (...args) => (await import("./logs.ts")).printLogs(...args),
  events: async (...args) => (await import("./events.ts")).printEvents(...args),
  faults,
  drills: async (...args) => (await import("./drills.ts")).prepareDrills(...args),
  examine: async (stack) => (await import("./examine.ts")).examine(stack),
  inventory: async (stack) => (await import("./inventory.ts")).inventory(stack),
  checks: async (env) => (await import("./checks.ts")).metalChecks(env),
};
