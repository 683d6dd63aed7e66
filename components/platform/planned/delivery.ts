import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "../../model/secret.ts";
import type { ClusterPlan, RenderedMachine } from "../../plan/types.ts";
import type { Place, ProvisionedMachine } from "../contract.ts";
import { secretFingerprint } from "./fingerprint.ts";
import type { RolloutPace, TellProgress } from "./pace.ts";
import type { DeliveredFile } from "./transport.ts";

/** One delivery to one machine. */
export interface FileDelivery {
  /** Id of the machine. */
  readonly machine: string;
  readonly files: readonly DeliveredFile[];
  /** Labels of the machine; its peers have the same but for the key. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the machine is planned to be switched off, so that files may have to wait for its start. */
  readonly mayBeOff: boolean;
  /** How new members are brought in. */
  readonly pace: RolloutPace;
  /** Hears how far it is. */
  readonly tell?: TellProgress;
}

/**
 * Puts files into a machine and makes it use them. New members are proved before they get more than a small share.
 *
 * @throws Error with the reason when the machine refuses the files or a new member fails; all then goes on as before.
 */
export type DeliverFiles = (delivery: FileDelivery) => Promise<void>;

/** What the state keeps: text files as they are, so that a preview shows changed lines; of secrets only a fingerprint. */
interface Delivery {
  readonly files: Record<string, string>;
  readonly secrets: Record<string, string>;
  /** The machine's id, under the platform's own word for a machine. */
  readonly [machine: string]: unknown;
}

/** What an adapter says of its deliveries. */
export interface DeliveryArgs {
  readonly deliverFiles: DeliverFiles;
  /** The platform's word for a machine: the state keeps the machine's id under it. Another word delivers everything again. */
  readonly machineWord: string;
}

/**
 * Delivery as a resource: a `Stash` holds what was delivered, and hooks *before* its create and update do the delivery, so
 * that a failure leaves the state as it was and the next `up` tries again (a failed hook *after* is never repeated).
 * The machine's id is part of it: a new machine is a new delivery.
 */
export function deliverToMachine(
  name: string,
  machine: ProvisionedMachine,
  rendered: RenderedMachine,
  place: Place,
  { deliverFiles, machineWord }: DeliveryArgs,
): pulumi.Resource {
  const hook = new pulumi.ResourceHook(`${name}-deliver`, async (args) => {
    const delivery = (args.newInputs as { input: Delivery }).input;
    const files = await Promise.all(
      rendered.files.map(async ({ path, mode, content }) => ({
        path,
        mode,
        content: isSecret(content)
          ? await plain(place.secret(content.secret))
          : (delivery.files[path] ?? content),
      })),
    );
    await deliverFiles({
      machine: String(delivery[machineWord]),
      files,
      labels: place.labels,
      mayBeOff: isCold(rendered.machine, place.plan),
      pace: paceOf(place.plan),
      // Not kept by the engine: of the news of a roll-out the last one counts.
      tell: (text) => void pulumi.log.info(text, undefined, undefined, true),
    });
  });
  return new pulumi.Stash(
    name,
    {
      input: {
        [machineWord]: machine.id,
        files: Object.fromEntries(
          rendered.files.flatMap((file) => (isSecret(file.content) ? [] : [[file.path, file.content]])),
        ),
        secrets: Object.fromEntries(
          // The fingerprint is of a key or certificate, which nobody can guess; hiding it would hide the files beside it.
          rendered.files.flatMap(({ path, content }) =>
            isSecret(content)
              ? [[path, pulumi.unsecret(place.secret(content.secret).apply(secretFingerprint))]]
              : [],
          ),
        ),
      },
    },
    { ...place.options, hooks: { beforeCreate: [hook], beforeUpdate: [hook] } },
  );
}

function paceOf({ rollout, pools }: ClusterPlan): RolloutPace {
  const each = pools.map(({ name, shownAs, health }) => [name, { startup: health.startup, shownAs }]);
  return { ...rollout, pools: Object.fromEntries(each) };
}

function isCold(key: string, { nodes }: ClusterPlan): boolean {
  return nodes.some((node) => node.key === key && node.role === "cold");
}

function plain(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => output.apply(resolve));
}
