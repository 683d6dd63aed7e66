import * as pulumi from "@pulumi/pulumi";
import { clusterLabels } from "../../../components/plan/labels.ts";
import { placedIn } from "../../../components/platform/metal/placed.ts";
import { sshTransport } from "../../../components/platform/metal/transport.ts";
import { holdLease } from "../../../components/platform/planned/lease.ts";
import type { Ground } from "../contract.ts";

/** A stack on servers of one's own: what stands where is what the stack's own state says. */
export function metalGround(stack: string): Ground {
  return {
    observe: async () => ({ placed: await placedBefore(stack) }),
    check: async () => undefined,
    begin: (plan) =>
      holdLease(sshTransport(plan), clusterLabels(plan, stack), `pulumi up (process ${process.pid})`),
    access: { metal: {} },
    options: {},
  };
}

/** Name of the server of each machine that the state knows, by the machine's key. */
async function placedBefore(stack: string): Promise<Record<string, string>> {
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`,
  })) as { readonly outputs?: Readonly<Record<string, object>> };
  return placedIn(answer.outputs ?? {});
}
