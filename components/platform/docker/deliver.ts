import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "../../model/secret.ts";
import type { RenderedMachine } from "../../plan/types.ts";
import type { MachineMade, Place } from "../contract.ts";
import type { RolloutPace } from "./rollout.ts";

/** A file as it goes to a machine: secrets resolved. */
export interface DeliveredFile {
  readonly path: string;
  /** Octal, e.g. `0644`. */
  readonly mode: string;
  readonly content: string;
}

/** One delivery to one balancer. */
export interface FileDelivery {
  /** Id of the balancer's container. */
  readonly container: string;
  readonly files: readonly DeliveredFile[];
  /** Labels of the balancer; its peers have the same but for the key. */
  readonly labels: Readonly<Record<string, string>>;
  /** How new members are brought in. */
  readonly pace: RolloutPace;
}

/**
 * Puts files into a running balancer and makes it use them. New members are proved before they get more than a small share.
 *
 * @throws Error with the reason when the balancer refuses the files or a new member fails; all then goes on as before.
 */
export type DeliverFiles = (delivery: FileDelivery) => Promise<void>;

/** What the state keeps: text files as they are, so that a preview shows changed lines; of secrets only a fingerprint. */
interface Delivery {
  container: string;
  files: Record<string, string>;
  secrets: Record<string, string>;
}

/**
 * Delivery as a resource: a `Stash` holds what was delivered, and hooks *before* its create and update do the delivery, so
 * that a failure leaves the state as it was and the next `up` tries again (a failed hook *after* is never repeated).
 * The container's id is part of it: a new container is a new delivery.
 */
export function deliverToBalancer(
  name: string,
  machine: MachineMade,
  rendered: RenderedMachine,
  place: Place,
  deliverFiles: DeliverFiles,
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
      container: delivery.container,
      files,
      labels: place.labels,
      pace: place.plan.rollout,
    });
  });
  return new pulumi.Stash(
    name,
    {
      input: {
        container: machine.id,
        files: Object.fromEntries(
          rendered.files.flatMap((file) => (isSecret(file.content) ? [] : [[file.path, file.content]])),
        ),
        secrets: Object.fromEntries(
          // The fingerprint is of a key or certificate, which nobody can guess; hiding it would hide the files beside it.
          rendered.files.flatMap(({ path, content }) =>
            isSecret(content)
              ? [[path, pulumi.unsecret(place.secret(content.secret).apply(fingerprint))]]
              : [],
          ),
        ),
      },
    },
    { ...place.options, hooks: { beforeCreate: [hook], beforeUpdate: [hook] } },
  );
}

function fingerprint(value: string): string {
  return `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 16)}`;
}

function plain(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => output.apply(resolve));
}
