import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { serverOf } from "../../plan/platforms/metal/part.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { controlSocket } from "../../render/paths.ts";
import type { DeliveredFile, DeliveryTransport } from "../planned/transport.ts";
import { quoted, runOn, type SshTarget } from "./ssh.ts";
import { readStory, storyCommand } from "./story.ts";

/** Longest that a command may take unless its caller says otherwise; above all that `hotspare-apply` waits for. */
const usualTimeout = 180_000;
/** How long one that may be off is waited for. */
const lookTimeout = 4_000;

/** Files and commands by SSH; a machine's id ends in its key, by which the plan knows its server. */
export function sshTransport(plan: ClusterPlan, run = runOn): DeliveryTransport {
  const balancers = plan.balancers.map(({ key }) => key);
  return transportTo((key) => targetOf(plan, key), balancers, run);
}

/** The same by the servers of machines. @param serverOf server of a machine, by its key @param balancers keys */
export function transportTo(
  serverOf: (key: string) => SshTarget,
  balancers: readonly string[],
  run = runOn,
): DeliveryTransport {
  const target = (machine: string) => serverOf(machine.slice(machine.lastIndexOf("/") + 1));
  const isOn = async (machine: string) =>
    run(target(machine), "true", { timeout: lookTimeout }).then(
      () => true,
      () => false,
    );
  return {
    exec: (machine, command, { timeout = usualTimeout, stdin } = {}) =>
      run(target(machine), command.map(quoted).join(" "), {
        timeout,
        ...(stdin === undefined ? {} : { stdin }),
      }),
    put: async (machine, files, folder) => {
      const unpack = `mkdir -p ${quoted(folder)} && tar --extract --no-same-owner --directory=${quoted(folder)}`;
      const { exitCode, stderr } = await run(target(machine), unpack, {
        timeout: usualTimeout,
        stdin: await archive(files),
      });
      if (exitCode !== 0) throw new Error(`${target(machine).name} didn't take files: ${stderr.trim()}`);
    },
    isOn,
    nameOf: async (machine) => `${machine.slice(machine.lastIndexOf("/") + 1)} on ${target(machine).name}`,
    runningBalancers: async () => {
      const asked = await Promise.all(
        balancers.map(async (key) => {
          const running = await run(target(key), `test -S ${controlSocket}`, {
            timeout: lookTimeout,
          }).then(
            ({ exitCode }) => exitCode === 0,
            () => false,
          );
          return running ? [key] : [];
        }),
      );
      return asked.flat();
    },
    story: async (_, key) => {
      try {
        const { stdout } = await run(target(key), storyCommand, { timeout: lookTimeout });
        return readStory(stdout);
      } catch {
        // Its server can't be asked, or the plan knows none: there is nothing to tell.
        return null;
      }
    },
  };
}

/** How the server of a machine is reached. */
export function targetOf(plan: ClusterPlan, key: string): SshTarget {
  const { name, ssh } = serverOf(plan, key);
  return { ...ssh, name };
}

async function archive(files: readonly DeliveredFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, mode, content } of files)
    tar.entry({ name: path, mode: Number.parseInt(mode, 8) }, content);
  tar.finalize();
  return buffer(tar);
}
