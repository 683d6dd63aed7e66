import { setTimeout as sleep } from "node:timers/promises";
import { type Failing, tellFailing } from "../../components/platform/planned/story.ts";
import { exitCodes, UserError } from "../exit.ts";
import type { Progress } from "../toolchain/progress.ts";
import { visible } from "../visible.ts";
import type { ClusterStatus } from "./cluster-status.ts";
import { failingNodes, type Subject } from "./failing.ts";
import { type Entrance, type PoolFault, poolFaults } from "./serving.ts";

export interface WaitArgs extends Subject {
  readonly progress: Progress;
  /** What runs, and why some machines said nothing. */
  readonly look: () => Promise<{ readonly status: ClusterStatus; readonly silent: readonly string[] }>;
  /** Where clients come in, seen from here. */
  readonly entrance: Entrance | null;
  /** How pools are asked; by tests in another way. */
  readonly ask?: Parameters<typeof poolFaults>[3];
}

/** Milliseconds. */
const pause = 250;
/** Time for what needs no start of a node, on top of the time for that. */
const margin = 5_000;
/** A node that has ended so often since it was made won't get healthy by waiting: the pause before each start doubles. */
const tooOften = 5;

interface Look {
  readonly status: ClusterStatus;
  readonly silent: readonly string[];
  readonly faults: readonly PoolFault[];
  readonly failing: readonly Failing[];
}

/**
 * Waits until every machine is as planned and every pool that a route leads to answers through the balancers.
 *
 * @throws UserError that says which pool doesn't, which of its nodes, how they ended, what their checks were answered and what they
 *   wrote last. A cluster that serves but isn't complete passes; its status tells.
 */
export async function waitUntilServing(args: WaitArgs): Promise<void> {
  const { plan, progress } = args;
  const patience = plan.rollout.patience + margin;
  await progress.task("waiting until the cluster serves", async (update) => {
    for (const deadline = Date.now() + patience; ; await sleep(pause)) {
      const seen = await lookOnce(args);
      const { status, faults, failing } = seen;
      if (status.state === "ok" && faults.length === 0) return;
      update(faults[0]?.why ?? status.findings[0] ?? "", headOf(failing[0]));
      if (failing.length > 0 && failing.every(isHopeless))
        throw new UserError(diagnosis(args, seen, null), exitCodes.degraded);
      if (Date.now() < deadline) continue;
      if (status.state === "degraded" && faults.length === 0) return;
      throw new UserError(diagnosis(args, seen, patience), exitCodes.degraded);
    }
  });
}

async function lookOnce(args: WaitArgs): Promise<Look> {
  const { status, silent } = await args.look();
  const faults = await poolFaults(args.plan, status, args.entrance, args.ask);
  return { status, silent, faults, failing: await failingNodes(args, status, faults) };
}

const isHopeless = ({ story }: Failing) => story !== null && story.restarts >= tooOften;

/** Of one node, without its log. */
function headOf(failing: Failing | undefined): string {
  if (failing === undefined) return "";
  const [head = ""] = tellFailing(failing).split("\n");
  return head.replace(/; its last lines:$/, "");
}

function diagnosis(
  { plan }: WaitArgs,
  { status, silent, faults, failing }: Look,
  waited: number | null,
): string {
  const why = faults.length > 0 ? faults.map((fault) => fault.why) : status.findings;
  const after = waited === null ? "" : ` after ${Math.round(waited / 1000)} s`;
  const option =
    waited === null || failing.length === 0
      ? []
      : [
          `What takes longer to start gets the time by rollout.patience (now ${plan.rollout.patience / 1000} s).`,
        ];
  return visible(
    [
      `the cluster does not serve${after}: ${[...why, ...silent].join("; ") || "the balancers see no reason"}`,
      ...failing.map(tellFailing),
      ...option,
    ].join("\n"),
  );
}
