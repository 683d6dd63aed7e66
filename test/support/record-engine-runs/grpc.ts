import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/* The little that the recordings' plugins share of gRPC. */

/** A handler that answers with what a function makes of the request, or with its error. */
export function answer<Request, Response>(
  make: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    try {
      callback(null, make(request));
    } catch (error) {
      callback(error as grpc.ServiceError);
    }
  };
}

/** Starts a service. @returns its port on 127.0.0.1 */
export function serve(
  server: grpc.Server,
  service: grpc.ServiceDefinition,
  handlers: grpc.UntypedServiceImplementation,
): Promise<number> {
  server.addService(service, handlers);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** A provider's end that the engine attaches to. */
export class ProviderServer {
  readonly #server = new grpc.Server({ "grpc.max_receive_message_length": 64 << 20 });

  /** @returns the port on 127.0.0.1 */
  start(handlers: grpc.UntypedServiceImplementation): Promise<number> {
    return serve(this.#server, services.ResourceProviderService, handlers);
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

/** What every provider answers alike: it is there, has no schema, and takes any settings. */
export function basics(version: string): grpc.UntypedServiceImplementation {
  const nothing = () => new empty.Empty();
  return {
    handshake: answer(() => new messages.ProviderHandshakeResponse()),
    attach: answer(nothing),
    cancel: answer(nothing),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(version)),
    getSchema: answer(() => new messages.GetSchemaResponse().setSchema("{}")),
    checkConfig: answer((request: InstanceType<typeof messages.CheckRequest>) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),
  };
}
