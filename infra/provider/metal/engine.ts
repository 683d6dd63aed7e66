import { createRequire } from "node:module";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

const grpc = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"))(
  "@grpc/grpc-js",
) as typeof import("@grpc/grpc-js");

/** Pulumi's engine, told things beside a resource: what a provider writes to its own output nobody sees. */
export class Engine {
  readonly #client: { log(request: unknown, callback: () => void): void } | null;

  /** @param address where it listens; without one nothing is told, as in tests */
  constructor(address: string | undefined) {
    this.#client =
      address === undefined
        ? null
        : (new engineService.EngineClient(address, grpc.credentials.createInsecure()) as never);
  }

  async warn(urn: string, text: string): Promise<void> {
    const request = new messages.LogRequest()
      .setSeverity(messages.LogSeverity.WARNING)
      .setMessage(text)
      .setUrn(urn);
    const client = this.#client;
    if (client !== null) await new Promise<void>((resolve) => client.log(request, () => resolve()));
  }
}
