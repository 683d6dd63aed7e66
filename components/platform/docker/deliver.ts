import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "../../model/secret.ts";
import type { RenderedFile, RenderedMachine } from "../../plan/types.ts";
import type { MachineMade, Place } from "../contract.ts";

/** A file as it goes to a machine: secrets resolved. */
export interface DeliveredFile {
  readonly path: string;
  /** Octal, e.g. `0644`. */
  readonly mode: string;
  readonly content: string;
}

/**
 * Puts files into a running balancer and makes it use them.
 *
 * @throws Error with the parser's words when the balancer refuses them; it then goes on with what it had.
 */
export type DeliverFiles = (containerId: string, files: readonly DeliveredFile[]) => Promise<void>;

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
  const secretOf = (file: RenderedFile) =>
    isSecret(file.content) ? place.secret(file.content.secret) : pulumi.output(file.content);
  const secretFiles = rendered.files.filter((file) => isSecret(file.content));
  const hook = new pulumi.ResourceHook(`${name}-deliver`, async (args) => {
    const delivery = (args.newInputs as { input: Delivery }).input;
    const files = await Promise.all(
      rendered.files.map(async (file) => ({
        path: file.path,
        mode: file.mode,
        content: delivery.files[file.path] ?? (await plain(secretOf(file))),
      })),
    );
    await deliverFiles(delivery.container, files);
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
          secretFiles.map((file) => [file.path, pulumi.unsecret(secretOf(file).apply(fingerprint))]),
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
