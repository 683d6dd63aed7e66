import { pinnedAwsProvider } from "../../toolchain/versions.ts";
import type { CommandPlatform } from "../contract.ts";

/** Auto Scaling groups behind a Network Load Balancer. AWS's SDK takes long to load, so all that needs it is loaded when asked. */
export const awsCommands: CommandPlatform = {
  kind: "aws",
  place: "on AWS",
  // The cheapest that does: one way out for all zones, machines that burst.
  starter: {
    kind: "aws",
    region: "eu-central-1",
    vpc: { kind: "own", nat: "one" },
    instanceType: "t4g.small",
  },
  owns: (type) => type.startsWith("aws:"),
  readyEngine: async (progress) => (await import("./engine.ts")).readyEngine(progress),
  tools: () => ({ "aws provider": pinnedAwsProvider() }),
  up: async (work) => (await import("./up.ts")).beginUp(work),
  down: async (work) => (await import("./down.ts")).beginDown(work),
  status: async (stack) => (await import("./report.ts")).report(stack),
  logs: async (...args) => {
    throw (await import("./logs.ts")).logsElsewhere(...args);
  },
  events: async (...args) => (await import("./events.ts")).printEvents(...args),
  faults: new Set(),
  drills: async (work) => {
    throw (await import("./drills.ts")).noDrills(work.stack);
  },
  policies: async (plan) => (await import("./policies.ts")).policiesFor(plan),
  pins: async (...args) => (await import("./pins.ts")).pinsOf(...args),
  controls: async (plan) => ({
    standard: "AWS Foundational Security Best Practices v1.0.0",
    controls: (await import("../../../components/plan/platforms/aws/controls.ts")).controlsOf(plan),
  }),
  examine: async (stack) => (await import("./examine.ts")).examine(stack),
  checks: async (env) => (await import("./checks.ts")).awsChecks(env),
};
