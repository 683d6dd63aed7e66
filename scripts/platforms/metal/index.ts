import { exitCodes, UserError } from "../../exit.ts";
import type { CommandPlatform } from "../contract.ts";

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
  faults: new Set(),
  drills: async ({ stack }) => {
    throw new UserError(
      `"${stack}" is on servers, and drills break machines through a Docker Engine`,
      exitCodes.usage,
    );
  },
  checks: async (env) => (await import("./checks.ts")).metalChecks(env),
};
