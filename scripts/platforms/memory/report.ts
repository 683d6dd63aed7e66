import { poolShown } from "../../../components/plan/shown.ts";
import type { ClusterPlan, MachinePlan } from "../../../components/plan/types.ts";
import { virtualAddressOf } from "../../../components/plan/virtual-address.ts";
import { type StateResource, stackState } from "../../engine/state.ts";
import { planOf } from "../../stacks.ts";
import { type ClusterStatus, type MachineStatus, statusSchema } from "../../status/cluster-status.ts";
import { poolsOf } from "../../status/pools.ts";
import { machinesReport } from "../../status/report.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { StatusReport } from "../contract.ts";

/** What is noted of a stack, beside what is planned. Nobody checks a note, so nothing is said of health. */
export async function report(stack: string): Promise<StatusReport> {
  await readyPulumi(new Progress());
  const plan = planOf(stack);
  const status = await statusNow(stack, plan);
  return { ...machinesReport(status, plan), urls: "  nothing can be reached: memory has notes only" };
}

/** The same as data, beside a plan that is known already. */
export async function statusNow(stack: string, plan: ClusterPlan): Promise<ClusterStatus> {
  const notes = notesOf((await stackState(stack))?.resources ?? []);
  const planned = [...plan.balancers, ...plan.nodes];
  const machines = planned.map((machine) => ({
    ...machineRow(machine, notes.get(machine.key)),
    pool: "pool" in machine ? poolShown(plan, machine.pool) : null,
  }));
  const findings = [
    ...machines.flatMap(({ key, state }) => (state === "absent" ? [`${key} is not there`] : [])),
    ...[...notes.keys()].flatMap((key) =>
      planned.some((machine) => machine.key === key) ? [] : [`${key} is noted, and no longer planned`],
    ),
  ];
  return {
    schema: statusSchema,
    stack,
    cluster: plan.cluster,
    name: plan.shownAs,
    owner: plan.owner,
    state: notes.size === 0 ? "absent" : findings.length === 0 ? "ok" : "degraded",
    findings,
    url: null,
    virtualAddress: { address: virtualAddressOf(plan), holder: null },
    lease: null,
    overlay: null,
    operator: null,
    pools: poolsOf(plan),
    machines,
  };
}

/** Whether each machine that is noted would run, by its key. */
export function notesOf(resources: readonly StateResource[]): Map<string, boolean> {
  return new Map(
    resources.flatMap(({ type, inputs }): [string, boolean][] => {
      const note = inputs?.input as { machine?: { key?: unknown }; running?: unknown } | undefined;
      const key = type === "pulumi:index:Stash" ? note?.machine?.key : undefined;
      return typeof key === "string" ? [[key, note?.running === true]] : [];
    }),
  );
}

function machineRow(
  machine: MachinePlan & {
    readonly role: MachineStatus["role"];
    readonly weight?: number;
  },
  running: boolean | undefined,
): MachineStatus {
  return {
    key: machine.key,
    pool: null,
    role: machine.role,
    name: machine.name,
    address: machine.address,
    state: running === undefined ? "absent" : running ? "noted" : "created",
    running: running === true,
    exitCode: null,
    restarts: null,
    startingFor: null,
    healthy: null,
    promoted: false,
    said: null,
    inRotation: null,
    weight: machine.weight ?? null,
    holdsVirtualAddress: null,
  };
}
