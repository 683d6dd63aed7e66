import type { ClusterPlan } from "../../components/plan/types.ts";
import type { DeliveryTransport } from "../../components/platform/planned/transport.ts";
import { applyProgram, incomingFolder } from "../../components/render/paths.ts";
import { exitCodes, UserError } from "../exit.ts";
import { differences, findDelivered, type PlannedFiles, plannedFiles } from "../status/delivered.ts";
import type { Progress } from "../toolchain/progress.ts";
import { type StateResource, stackState } from "./state.ts";

export interface RedeliverArgs {
  readonly stack: string;
  /** With the machines as they are now. */
  readonly plan: ClusterPlan;
  readonly transport: DeliveryTransport;
  /** Ids of the balancers that run, by key. */
  readonly machines: ReadonlyMap<string, string>;
  readonly progress: Progress;
}

/**
 * Delivers to balancers that have other files or members than planned what they should have. The engine wouldn't: by its state all
 * is delivered. Where the state has something else than the plan, the engine delivers anyway, with gate and ramp, and nothing is
 * done here.
 */
export async function redeliver({
  stack,
  plan,
  transport,
  machines,
  progress,
}: RedeliverArgs): Promise<void> {
  const strayed: { machine: string; files: PlannedFiles; what: string }[] = [];
  for (const [key, files] of plannedFiles(plan)) {
    const machine = machines.get(key);
    const found = machine === undefined ? null : await findDelivered(transport, machine, files);
    if (machine === undefined || found === null) continue;
    const what = differences(files, found);
    if (what.length > 0) strayed.push({ machine, files, what: `${key}: ${what.join("; ")}` });
  }
  if (strayed.length === 0) return;
  const { resources } = (await stackState(stack)) ?? { resources: [] };
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

/** Whether the state says that a machine has just these files. */
function isDelivered(resources: readonly StateResource[], machine: string, planned: PlannedFiles): boolean {
  const stash = resources.find(
    ({ type, inputs }) =>
      type === "pulumi:index:Stash" &&
      Object.values((inputs?.input as Record<string, unknown> | undefined) ?? {}).includes(machine),
  );
  const { files = {} } = (stash?.inputs?.input ?? {}) as { files?: Readonly<Record<string, string>> };
  return (
    Object.keys(files).length === planned.size && [...planned].every(([path, text]) => files[path] === text)
  );
}
