import { pointDocker, resolveDockerHost } from "../../../components/platform/docker/endpoint.ts";
import { homeFolder } from "../../../infra/folders.mjs";
import { pinnedVersions } from "../../toolchain/versions.ts";
import type { CommandPlatform } from "../contract.ts";
import { faults } from "./faults.ts";

/** Containers on a Docker Engine. */
export const dockerCommands: CommandPlatform = {
  kind: "docker",
  place: "on Docker",
  starter: { kind: "docker" },
  owns: (type) => type.startsWith("docker:"),
  hasLabelled: async (ownership) => {
    const [{ runningDocker }, { hasLabelled }] = await Promise.all([
      import("./connect.ts"),
      import("./view.ts"),
    ]);
    return hasLabelled(await runningDocker(), ownership);
  },
  readyEngine: async (progress, spec) => {
    await (await import("./connect.ts")).readyAll(progress, spec);
  },
  tools: () => ({ "docker provider": pinnedVersions().dockerProvider }),
  up: async (work) => (await import("./up.ts")).beginUp(work),
  down: async (work) => (await import("./down.ts")).beginDown(work),
  status: async (stack) => (await import("./report.ts")).report(stack),
  live: async (stack) => (await import("./live.ts")).dockerLive(stack),
  balancers: async (stack) => (await import("./look.ts")).runningControls(stack),
  volumes: async (stack) => (await import("./volumes.ts")).volumesOf(stack),
  tasks: async (stack) => (await import("./tasks.ts")).tasksOf(stack),
  logs: async (...args) => (await import("./feeds.ts")).printLogs(...args),
  events: async (...args) => (await import("./feeds.ts")).printEvents(...args),
  faults,
  drills: async (...args) => (await import("./drills.ts")).prepareDrills(...args),
  ephemeral: async (place) => (await import("./ephemeral.ts")).ephemeralDocker(place),
  checks: async (env) => (await import("./checks.ts")).dockerChecks(env),
  images: async (progress) => (await import("./connect.ts")).readyOwnImages(progress),
  packages: async (images) => (await import("./packages.ts")).imagePackages(images),
  pointProvider: (env) => pointDocker(env, resolveDockerHost(env, homeFolder(env))),
};
