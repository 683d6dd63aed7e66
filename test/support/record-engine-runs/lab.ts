import * as pulumi from "@pulumi/pulumi";

/* The resources that the recorded programs are made of; what their properties mean is said at the provider. */

type Properties = Record<string, pulumi.Input<unknown>>;

/** A resource of the provider for recordings. */
export class Thing extends pulumi.CustomResource {
  declare readonly ref: pulumi.Output<string>;
  declare readonly revision: pulumi.Output<number>;
  declare readonly size: pulumi.Output<string>;

  constructor(name: string, properties: Properties = {}, options: pulumi.CustomResourceOptions = {}) {
    super(
      "lab:index:Thing",
      name,
      { ...properties, ref: undefined, revision: undefined, size: properties.size },
      options,
    );
  }

  /** Names an existing thing, which the stack doesn't own. */
  static existing(name: string, id: string): Thing {
    return new Thing(name, {}, { id });
  }
}

/** A thing of another type token, for what only the type decides. */
export class Typed extends pulumi.CustomResource {
  constructor(
    type: string,
    name: string,
    properties: Properties = {},
    options: pulumi.CustomResourceOptions = {},
  ) {
    super(type, name, properties, options);
  }
}

/** An explicit provider. */
export class Lab extends pulumi.ProviderResource {
  constructor(name: string, properties: Properties = {}) {
    super("lab", name, properties);
  }
}

/** A component, to hang resources in. */
export class Group extends pulumi.ComponentResource {
  constructor(name: string, parent?: pulumi.Resource) {
    super("lab:index:Group", name, {}, parent === undefined ? {} : { parent });
  }
}

/** URN of a thing that hangs on the stack itself. */
export const urn = (name: string) => `urn:pulumi:lab::recorded::lab:index:Thing::${name}`;
