import type { ClusterPlan } from "../../components/plan/types.ts";
import type { DeliveryTransport } from "../../components/platform/planned/transport.ts";
import { applyProgram, incomingFolder } from "../../components/render/paths.ts";
import { exitCodes, UserError } from "../exit.ts";
import { differences, findDelivered, type PlannedFiles, plannedFiles } from "../status/delivered.ts";
import type { Progress } from "../toolchain/progress.ts";
import type { StateResource } from "./state.ts";

/** A resource that keeps what was delivered (components/platform/planned/delivery.ts). */
const delivered = "pulumi:index:Stash";

export interface RedeliverArgs {
  /** With the machines as they are now. */
  readonly plan: ClusterPlan;
  readonly transport: DeliveryTransport;
  /** Ids of the balancers, by key; those that don't run may be among them. */
  readonly machines: ReadonlyMap<string, string>;
  /** What the state has. */
  readonly resources: readonly StateResource[];
  readonly progress: Progress;
}

/**
 * Delivers to balancers that have other files or members than planned what they should have. The engine wouldn't: by its state all
 * is delivered. Where the state has something else than the plan, the engine delivers anyway, with gate and ramp, and nothing is
 * done here.
 */
export async function redeliver({
  plan,
  transport,
  machines,
  resources,
  progress,
}: RedeliverArgs): Promise<void> {
  const strayed: { machine: string; files: PlannedFiles; what: string }[] = [];
  for (const [key, files] of plannedFiles(plan)) {
    const machine = machines.get(key);
    // Who can't be reached is told by whatever needs it next.
    const found =
      machine === undefined ? null : await findDelivered(transport, machine, files).catch(() => null);
    if (machine === undefined || found === null) continue;
    const what = differences(files, found);
    if (what.length > 0) strayed.push({ machine, files, what: `${key}: ${what.join("; ")}` });
  }
  if (strayed.length === 0) return;
  for (const { machine, files, what } of strayed) {
    if (!isDelivered(resources, machine, files)) continue;
    const all = [...files].map(([path, content]) => ({ path, mode: "0644", content }));
    await transport.put(machine, all, incomingFolder);
    const { exitCode, stdout, stderr } = await transport.exec(machine, [applyProgram]);
    if (exitCode !== 0)
      throw new UserError(
        `${what}; what is planned could not be delivered again: ${(stderr || stdout).trim()}`,
        exitCodes.failed,
      );
    progress.note(`${what}. Delivered again.`);
  }
}

/** Ids of the machines that files were delivered to, by key, where an id ends in the key. */
export function deliveredMachines(resources: readonly StateResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ type, inputs }): [string, string][] => {
      const { machine } = (inputs?.input ?? {}) as { machine?: unknown };
      return type === delivered && typeof machine === "string"
        ? [[machine.slice(machine.lastIndexOf("/") + 1), machine]]
        : [];
    }),
  );
}

/** Whether the state says that a machine has just these files. */
function isDelivered(resources: readonly StateResource[], machine: string, planned: PlannedFiles): boolean {
  const stash = resources.find(
    ({ type, inputs }) =>
      type === delivered &&
      Object.values((inputs?.input as Record<string, unknown> | undefined) ?? {}).includes(machine),
  );
  const { files = {} } = (stash?.inputs?.input ?? {}) as { files?: Readonly<Record<string, string>> };
  return (
    Object.keys(files).length === planned.size && [...planned].every(([path, text]) => files[path] === text)
  );
}
