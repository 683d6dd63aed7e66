import { createRequire } from "node:module";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Engine } from "./engine.ts";
import { failure } from "./failure.ts";
import { Provider } from "./provider.ts";

/*
 * The kit's provider, as Pulumi starts it: a gRPC server on a port of its own, which is its first line. It ends with the engine.
 */

// The SDK's own: a package manager need not lay it open to the project.
const grpc = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"))(
  "@grpc/grpc-js",
) as typeof import("@grpc/grpc-js");

/** A delivery may have images in it. */
const longestMessage = 400 * 1024 ** 2;

const provider = new Provider(
  new Engine(process.argv.slice(2).findLast((argument) => !argument.startsWith("-"))),
);

type Handler = (request: unknown) => Promise<unknown>;
type UnaryCall = { readonly request: unknown };
type Callback = (error: object | null, answer?: unknown) => void;

const handlers = Object.fromEntries(
  Object.entries(provider.methods as unknown as Readonly<Record<string, Handler>>).map(([name, handle]) => [
    name,
    ({ request }: UnaryCall, callback: Callback) =>
      void handle(request).then(
        (answer) => callback(null, answer),
        (error: Error) => callback(failure(error)),
      ),
  ]),
);

const server = new grpc.Server({ "grpc.max_receive_message_length": longestMessage });
server.addService(
  providerService.ResourceProviderService as unknown as Parameters<typeof server.addService>[0],
  handlers as unknown as Parameters<typeof server.addService>[1],
);

// Without an engine nobody would ever ask it to end.
const orphaned = () => {
  provider.cancel("the engine is gone");
  setTimeout(() => process.exit(1), 200).unref();
};
process.stdin.resume().on("end", orphaned).on("error", orphaned);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
