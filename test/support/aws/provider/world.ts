import { createHash } from "node:crypto";
import { typeOf } from "../catalogue/index.ts";
import { valuesAt } from "../catalogue/paths.ts";
import { type Fields, isUnknown, type Reference } from "../catalogue/types.ts";
import { checkBeside, type Subject } from "../rules/index.ts";

/** Something that exists. */
export interface Thing {
  readonly urn: string;
  readonly token: string;
  readonly inputs: Fields;
  /** With the inputs; the identifier under `id`. */
  readonly outputs: Fields & { readonly id: string };
}

/** Something that was made, changed or deleted, in the order that it happened. */
export interface Deed {
  readonly what: "create" | "update" | "delete";
  readonly urn: string;
  /** Paths of the changed inputs. */
  readonly changed: readonly string[];
}

/** An account in one region: what exists in it, and what it refuses. */
export class World {
  readonly deeds: Deed[] = [];
  region = "";
  readonly #things = new Map<string, Thing>();
  #made = 0;

  get things(): readonly Thing[] {
    return [...this.#things.values()];
  }

  find(urn: string, id: string): Thing | undefined {
    return this.#things.get(`${urn} ${id}`);
  }

  /** What a creation would give, without one. */
  imagine(token: string, urn: string, inputs: Fields): Thing {
    const hex = createHash("sha256").update(`${urn} ${this.#made}`).digest("hex").slice(0, 17);
    const made = typeOf(token).make({ hex, inputs, region: this.region });
    return { urn, token, inputs, outputs: { ...inputs, ...made } };
  }

  /** @throws Error with AWS's reason, in its words' sense, when it doesn't take it */
  create(token: string, urn: string, inputs: Fields): Thing {
    this.#refuseDangling(token, inputs);
    this.#refuseTakenName(token, inputs);
    this.#refuseBeside({ token, inputs }, this.things);
    this.#made++;
    const thing = this.imagine(token, urn, inputs);
    this.#put(thing);
    this.deeds.push({ what: "create", urn, changed: [] });
    return thing;
  }

  update(old: Thing, inputs: Fields, outputs: Fields, changed: readonly string[]): Thing {
    this.#refuseDangling(old.token, inputs);
    this.#refuseBeside(
      { token: old.token, inputs },
      this.things.filter((thing) => keyOf(thing) !== keyOf(old)),
    );
    const thing = { ...old, inputs, outputs: { ...outputs, id: old.outputs.id } };
    this.#put(thing);
    this.deeds.push({ what: "update", urn: old.urn, changed });
    return thing;
  }

  delete(thing: Thing): void {
    if (thing.inputs.enableDeletionProtection === true)
      throw new Error(`OperationNotPermitted: ${thing.outputs.id} is protected from deletion`);
    for (const { by, reference } of this.#held(thing)) {
      if (reference.unless === undefined || thing.inputs[reference.unless] !== true)
        throw new Error(
          `DependencyViolation: ${thing.outputs.id} is in use by ${by.outputs.id} (${reference.path})`,
        );
      this.#things.delete(keyOf(by));
    }
    this.#things.delete(keyOf(thing));
    this.deeds.push({ what: "delete", urn: thing.urn, changed: [] });
  }

  /** Somebody changes inputs of a thing by other means than the provider. */
  meddle(thing: Thing, fields: Fields): void {
    const { id } = thing.outputs;
    this.#put({
      ...thing,
      inputs: { ...thing.inputs, ...fields },
      outputs: { ...thing.outputs, ...fields, id },
    });
  }

  /** Somebody deletes a thing likewise, or it gets lost. */
  lose(thing: Thing): void {
    this.#things.delete(keyOf(thing));
  }

  #put(thing: Thing): void {
    this.#things.set(keyOf(thing), thing);
  }

  #refuseTakenName(token: string, inputs: Fields): void {
    const { name } = typeOf(token);
    if (name === undefined) return;
    const taken = this.things.some((other) => other.token === token && other.inputs[name] === inputs[name]);
    if (taken) throw new Error(`AlreadyExists: there is a ${token} called "${inputs[name]}"`);
  }

  #refuseBeside(subject: Subject, others: readonly Thing[]): void {
    const [problem] = checkBeside(subject, others);
    if (problem !== undefined) throw new Error(`${problem.path}: ${problem.message}`);
  }

  #refuseDangling(token: string, inputs: Fields): void {
    for (const { path, to, by } of typeOf(token).references)
      for (const value of valuesAt(inputs, path)) {
        const there = this.things.some((other) => other.token === to && other.outputs[by] === value);
        if (!there && !isUnknown(value))
          throw new Error(`NotFound: ${path} names the ${to} "${value}", and there is none`);
      }
  }

  /** Who keeps a thing from being deleted. */
  #held(thing: Thing): { by: Thing; reference: Reference }[] {
    return this.things.flatMap((by) =>
      typeOf(by.token)
        .references.filter(
          ({ path, to, by: output, holds }) =>
            holds && to === thing.token && valuesAt(by.inputs, path).includes(thing.outputs[output]),
        )
        .map((reference) => ({ by, reference })),
    );
  }
}

// Some identifiers, as a hook's, are unique in what they belong to only.
const keyOf = ({ urn, outputs }: Pick<Thing, "urn" | "outputs">): string => `${urn} ${outputs.id}`;
