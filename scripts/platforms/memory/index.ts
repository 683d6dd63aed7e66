import { exitCodes, UserError } from "../../exit.ts";
import type { CommandPlatform } from "../contract.ts";

/**
 * Notes in the engine's state, and nothing else. For trying a stack, and for tests of the commands: the shortest platform that keeps
 * their contract.
 */
export const memoryCommands: CommandPlatform = {
  kind: "memory",
  place: "in memory",
  // Its notes are the engine's own, which other platforms have as well; what the cluster says of itself tells them apart.
  owns: () => false,
  readyEngine: async (progress) => (await import("../../toolchain/ready.ts")).readyPulumi(progress),
  tools: () => ({}),
  up: async (work) => (await import("./up.ts")).beginUp(work),
  down: async (work) => (await import("./down.ts")).beginDown(work),
  status: async (stack) => (await import("./report.ts")).report(stack),
  live: async (stack) => (await import("./live.ts")).memoryLive(stack),
  logs: async (stack) => {
    throw lacking(
      stack,
      `no machine writes anything; \`./hotspare plan ${stack}\` has every machine's files`,
    );
  },
  events: async (stack) => {
    throw lacking(stack, `nothing happens by itself; \`./hotspare history ${stack}\` tells what was changed`);
  },
  faults: new Set(),
  drills: async ({ stack }) => {
    throw lacking(stack, `nothing can break; \`./hotspare plan ${stack}\` has the forecast of each fault`);
  },
  checks: async () => [],
};

function lacking(stack: string, what: string): UserError {
  return new UserError(
    `"${stack}" is in memory, as notes in the engine's state, where ${what}`,
    exitCodes.usage,
  );
}
