import { serverOf } from "../../../../components/plan/platforms/metal/part.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { holdOn, quoted, runOn } from "../../../../components/platform/metal/ssh.ts";
import { sshTransport, targetOf } from "../../../../components/platform/metal/transport.ts";
import { logFile } from "../../../../components/render/machine/unit.ts";
import type { DrillPlatform } from "../../../drill/platform.ts";
import { clusterStatus, unitOf } from "../look.ts";
import { unitFaults } from "./faults.ts";
import { localLoad } from "./load.ts";
import { ServerLogs } from "./node-logs.ts";
import { cutPower } from "./power.ts";

/** Longest that a command of a drill may take; the end of a node's requests is in it. */
const patience = 60_000;
/** Computes until its input ends, and so goes with us however we go. */
const loop = "while :; do :; done & read -r _; kill $!";

/** What drills need, on servers by SSH. Machines are units there, and what a fault does ends with the unit. */
export function serverDrills(stack: string, plan: ClusterPlan): DrillPlatform {
  const on = async (key: string, lines: string): Promise<string> => {
    const target = targetOf(plan, key);
    const { exitCode, stdout, stderr } = await runOn(target, lines, { timeout: patience });
    if (exitCode !== 0)
      throw new Error(
        `${key} on ${target.name}: ${lines} ended with ${exitCode}: ${(stderr || stdout).trim()}`,
      );
    return stdout;
  };
  const fault = (kind: keyof typeof unitFaults) => (keys: readonly string[]) => unitFaults[kind](on, keys);
  const logOf = (key: string) => quoted(logFile(unitOf(key)));
  const [balancer] = plan.balancers;
  // Servers of cold standbys are off.
  const running = plan.nodes.filter(({ role }) => role !== "cold");
  const servers = [...plan.balancers, ...running].map(({ key }) => key);
  return {
    engine: "servers by SSH",
    card: balancer === undefined ? "" : serverOf(plan, balancer.key).card,
    faults: {
      kill: fault("kill"),
      freeze: fault("freeze"),
      stop: fault("stop"),
      cut: cutPower(stack, plan, on),
    },
    status: async () => (await clusterStatus(stack, plan, false)).status,
    exec: (key, ...command) => on(key, command.map(quoted).join(" ")),
    // Others on the server may run a program of that name.
    killProgram: async (key, program) =>
      void (await on(
        key,
        `for pid in $(pgrep -x ${quoted(program)}); do if grep -q ${quoted(unitOf(key))} /proc/$pid/cgroup; then kill -KILL $pid; fi; done`,
      )),
    run: async (key, command, onLine) => holdOn(targetOf(plan, key), command.map(quoted).join(" "), onLine),
    put: (key, files) =>
      sshTransport(plan).put(
        key,
        [...files].map(([path, content]) => ({ path, mode: "0644", content })),
        "/tmp",
      ),
    readLog: async (key, _, onLine) => {
      // With times in its lines; the caller takes those that it wants.
      for (const line of (await on(key, `cat ${logOf(key)}`)).split("\n")) onLine(line);
    },
    nodeLogs: (pool, onLine) =>
      new ServerLogs(
        plan.nodes.filter((node) => node.pool === pool).map(({ key }) => key),
        new Set(plan.nodes.filter(({ role }) => role === "cold").map(({ key }) => key)),
        {
          sizeOf: async (key) => Number(await on(key, `stat --format=%s ${logOf(key)}`)),
          readFrom: (key, place) => on(key, `tail --bytes=+${place + 1} ${logOf(key)}`),
        },
        onLine,
      ),
    load: async () => localLoad,
    burn: async (loops) => {
      const burning = Array.from({ length: loops }, (_, index) =>
        holdOn(targetOf(plan, servers[index % servers.length] ?? ""), loop, () => undefined),
      );
      return {
        remove: async () => {
          for (const one of burning) one.stop();
          await Promise.all(burning.map(({ ended }) => ended));
        },
      };
    },
  };
}
