import * as pulumi from "@pulumi/pulumi";
import { memoryTraits } from "../../model/platforms/memory/traits.ts";
import { isSecret } from "../../model/secret.ts";
import type { MachinePlan, RenderedMachine } from "../../plan/types.ts";
import type { MachinePlatform, NetworkedPlace, Place, ProvisionedMachine } from "../contract.ts";
import { secretFingerprint } from "../planned/fingerprint.ts";
import { note } from "./note.ts";

/**
 * A platform that makes nothing: every planned thing becomes a `Stash`, a note in the state of what would be there. For
 * tests that need no provider, and the shortest adapter that keeps the contract; read it before writing one.
 */
export function memoryPlatform(): MachinePlatform {
  return {
    kind: "memory",
    machines: "planned",
    traits: memoryTraits,
    network: (name, place) => {
      const network = note(name, place, { network: place.plan.network });
      return { id: network.id, resources: { network } };
    },
    node: (name, node, place) => machine(name, node, place, { running: node.role !== "cold" }),
    balancer: (name, balancer, place) => machine(name, balancer, place, { running: true }),
    accessory: (name, accessory, place) => {
      const made = note(name, place, { running: true, machine: accessory, network: place.network.id });
      return {
        id: made.id,
        address: pulumi.output(accessory.key),
        ready: [made],
        resources: { machine: made },
      };
    },
    task: (name, { release, command }, place) => note(name, place, { release, command }),
    deliver: (name, { id }, files, place) =>
      note(name, place, { machine: id, files: contents(files, place) }),
    door: (name) => {
      throw new Error(`${name}: nothing in memory can be reached from the host, so there is no door`);
    },
  };
}

function machine(
  name: string,
  plan: MachinePlan,
  place: NetworkedPlace,
  state: { running: boolean },
): ProvisionedMachine {
  const made = note(name, place, { ...state, machine: plan, network: place.network.id });
  return { id: made.id, address: pulumi.output(plan.address), ready: [made], resources: { machine: made } };
}

/** Files by path; of a secret one only a fingerprint, so that another value is another delivery. */
function contents({ files }: RenderedMachine, place: Place): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    files.map(({ path, content }) => [
      path,
      isSecret(content) ? pulumi.unsecret(place.secret(content.secret).apply(secretFingerprint)) : content,
    ]),
  );
}
