import * as grpc from "@grpc/grpc-js";

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
