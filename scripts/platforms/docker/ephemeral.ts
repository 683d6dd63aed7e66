import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { labelPrefix } from "../../../components/plan/labels.ts";
import { machineName } from "../../../components/plan/machine.ts";
import { dockerClient, resolveDockerHost } from "../../../components/platform/docker/endpoint.ts";
import { execIn } from "../../../components/platform/docker/exec.ts";
import { readLog } from "../../../components/platform/docker/log.ts";
import { homeFolder } from "../../../infra/folders.mjs";
import { exitCodes, UserError } from "../../exit.ts";
import type { EphemeralGround, EphemeralMachine, EphemeralPlace, StackOwnership } from "../contract.ts";
import { readyDocker, runningDocker } from "./connect.ts";
import { checkHost } from "./host-check.ts";
import { engineOf } from "./same-engine.ts";
import { stillUsed, sweep, sweepBeside, sweptCount } from "./sweep.ts";
import { type ContainerView, listContainers } from "./view.ts";

/** What the engine was told to make before its client was killed may still appear: so long, in milliseconds, nothing may come. */
const quiet = 500;
/** Milliseconds for what passes by itself. */
const patience = 30_000;

/**
 * Clusters for a while, as containers.
 *
 * @param place the engine that has one; null for the one that this process reaches
 */
export function ephemeralDocker(place: EphemeralPlace | null): EphemeralGround {
  const reach = () => (place === null ? runningDocker() : engineAt(place));
  return {
    ready: async (progress) => {
      await readyDocker(progress, []);
    },
    place: async () => {
      const docker = await reach();
      const address = resolveDockerHost(process.env, homeFolder());
      return { address, id: await idOfEngine(docker), variables: { DOCKER_HOST: address } };
    },
    hasRoom: async (plan, stack) => {
      const docker = await reach();
      // Names have the owner's first digits alone, and must be free as well.
      const prefix = machineName(plan.cluster, plan.owner, "");
      const all = await docker.listContainers({ all: true });
      if (all.some(({ Names }) => Names.some((name) => name.startsWith(`/${prefix}`)))) return false;
      try {
        await checkHost(docker, plan, stack);
        return true;
      } catch (error) {
        if (error instanceof UserError) return false;
        throw error;
      }
    },
    remove: async (ownership) => {
      const docker = await reach();
      let removed = 0;
      for (const deadline = Date.now() + patience; ; await sleep(quiet)) {
        try {
          const beside = await sweepBeside(docker, ownership, true);
          const swept = await sweep(docker, ownership, new Set(), true);
          const found = beside.length + sweptCount(swept);
          removed += found;
          if (found === 0 && swept.inUse.length === 0) return removed;
          if (found === 0 && Date.now() > deadline) throw new UserError(stillUsed(swept.inUse));
        } catch (error) {
          // Containers that somebody else is just removing hold their network until they are gone.
          if ((error as { statusCode?: number }).statusCode !== 403 || Date.now() > deadline) throw error;
        }
      }
    },
    pause: async (ownership) => {
      const docker = await reach();
      const paused: ContainerView[] = [];
      try {
        for (const view of await byRole(docker, ownership, "running")) {
          await freeze(docker.getContainer(view.id));
          paused.push(view);
        }
      } catch (error) {
        // Half of a cluster that stands still is worse than none.
        for (const { id } of paused.reverse())
          await docker
            .getContainer(id)
            .unpause()
            .catch(() => undefined);
        throw error;
      }
    },
    resume: async (ownership) => {
      const docker = await reach();
      for (const container of (await byRole(docker, ownership, "paused")).reverse())
        await docker.getContainer(container.id).unpause();
    },
    machines: async (ownership) => {
      const docker = await reach();
      return (await listContainers(docker, ownership)).map((view) => machineOf(docker, ownership, view));
    },
    rivals: async (ownership) => (await import("./rivals/index.ts")).rivals(await reach(), ownership),
  };
}

/** @throws UserError where another engine answers, or none */
async function engineAt({ address, id }: EphemeralPlace): Promise<Docker> {
  const docker = dockerClient(address);
  const found = await idOfEngine(docker).catch((error: Error) => {
    throw new UserError(
      `no Docker Engine answers at ${address} (${error.message}), which has this cluster`,
      exitCodes.missingTool,
    );
  });
  if (found === id) return docker;
  throw new UserError(
    `the Docker Engine at ${address} is another one than that which has this cluster; nothing was changed`,
    exitCodes.missingTool,
  );
}

async function idOfEngine(docker: Docker): Promise<string> {
  return (await engineOf(docker))?.id ?? "";
}

/** On a busy machine the kernel may not get hold of all processes in time; the engine then says that it was "unable to freeze" them. */
async function freeze(container: Docker.Container): Promise<void> {
  for (const deadline = Date.now() + patience; ; await sleep(quiet)) {
    try {
      return void (await container.pause());
    } catch (error) {
      if (!/unable to freeze/.test((error as Error).message) || Date.now() > deadline) throw error;
    }
  }
}

/** Wardens first: they must not see the others stand still. */
async function byRole(docker: Docker, ownership: StackOwnership, state: string): Promise<ContainerView[]> {
  const views = (await listContainers(docker, ownership)).filter((view) => view.state === state);
  const rank = ({ role }: ContainerView) => (role === "warden" ? 0 : role === "balancer" ? 2 : 1);
  return views.sort((a, b) => rank(a) - rank(b));
}

/** A machine goes by its key: its container may be replaced while somebody holds this. */
function machineOf(docker: Docker, ownership: StackOwnership, view: ContainerView): EphemeralMachine {
  const container = async () => docker.getContainer(await idOf(docker, ownership, view.key));
  return {
    key: view.key,
    role: view.role,
    address: view.address,
    running: view.state === "running",
    state: view.status,
    kill: async () => (await container()).kill(),
    stop: async () => (await container()).stop(),
    start: async () => (await container()).start(),
    freeze: async () => freeze(await container()),
    thaw: async () => (await container()).unpause(),
    logs: async (lines) => {
      const read: string[] = [];
      const id = await idOf(docker, ownership, view.key);
      await readLog(docker, id, { tail: lines, follow: false }, (_, line) => read.push(line));
      return read.join("\n");
    },
    exec: async (command) => execIn(docker, await idOf(docker, ownership, view.key), command),
  };
}

/** The newest container of a machine. @throws UserError when it is gone */
async function idOf(docker: Docker, ownership: StackOwnership, key: string): Promise<string> {
  const views = await listContainers(docker, ownership);
  const found = views.findLast((view) => view.key === key);
  if (found !== undefined) return found.id;
  const label = `${labelPrefix}owner=${ownership.owner}`;
  throw new UserError(
    `the machine ${key} is gone; of ${label} there are: ${views.map((view) => view.key).join(", ")}`,
  );
}
