import * as pulumi from "@pulumi/pulumi";
import {
  controllerFacts,
  type ServerFilesInputs,
  type ServerInputs,
  serverFacts,
  serverFilesType,
  serverType,
} from "./types.ts";

/* The resources of the kit's own provider, `infra/provider/metal`. */

export type Wrapped<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

export class Server extends pulumi.CustomResource {
  declare readonly foundSerial: pulumi.Output<string>;
  declare readonly controllerSerial: pulumi.Output<string>;
  constructor(name: string, args: Wrapped<ServerInputs>, options: pulumi.CustomResourceOptions) {
    super(
      serverType,
      name,
      {
        ...args,
        ...Object.fromEntries([...serverFacts, ...controllerFacts].map((fact) => [fact, undefined])),
      },
      options,
    );
  }
}

export class ServerFiles extends pulumi.CustomResource {
  constructor(name: string, args: Wrapped<ServerFilesInputs>, options: pulumi.CustomResourceOptions) {
    super(serverFilesType, name, { ...args, digest: undefined }, options);
  }
}
