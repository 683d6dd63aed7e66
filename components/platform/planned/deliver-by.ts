import { parseMembers } from "../../model/members-document.ts";
import { applyProgram, incomingFolder } from "../../render/paths.ts";
import { BalancerControl, runningBalancers } from "./balancer-control.ts";
import type { DeliverFiles } from "./delivery.ts";
import { drained, rollOut } from "./rollout.ts";
import type { DeliveryTransport } from "./transport.ts";

/** The document that changes without a reload; who has it is a balancer. */
const membersFile = "members.json";

/** What its exit codes mean for who serves. */
const outcomes: Readonly<Record<number, string>> = {
  2: "refused its new configuration and goes on with the old one",
  3: "took its new configuration, but does not answer with it",
  4: "could not load its new configuration and went back to the old one",
  75: "is still busy with an earlier change",
};

/**
 * Delivery by a transport: new members are gated and ramped up first, then the files go into the machine's incoming folder and
 * its own program takes them. A machine that is meant to be off takes them when it starts.
 */
export function deliverBy(transport: DeliveryTransport): DeliverFiles {
  return async ({ machine, files, labels, pace, mayBeOff, tell }) => {
    const members = files.find(({ path }) => path === membersFile);
    const balancer = new BalancerControl(transport, machine);
    const all = members === undefined ? [] : await runningBalancers(transport, labels);
    if (members !== undefined) {
      await rollOut(balancer, all, parseMembers(members.content), pace, {
        story: ({ key, address }) => transport.story(labels, key, address),
        tell,
      });
    }
    await transport.put(machine, files, incomingFolder);
    if (mayBeOff && !(await transport.isOn(machine))) return;
    await apply(transport, machine);
    if (members === undefined) return;
    await balancer.learnOperator(all);
    await drained(balancer, pace, tell);
  };
}

async function apply(transport: DeliveryTransport, machine: string): Promise<void> {
  const { exitCode, stdout, stderr } = await transport.exec(machine, [applyProgram]);
  if (exitCode === 0) return;
  throw new Error(
    `${await transport.nameOf(machine)} ${outcomes[exitCode] ?? "could not take its new configuration"} (${applyProgram}, exit ${exitCode}):\n${(stderr || stdout).trim()}`,
  );
}
