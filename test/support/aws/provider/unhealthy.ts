import * as grpc from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Thing } from "./world.ts";

/**
 * What a provider answers when something was made and doesn't get well: the engine keeps it in its state, so that the next run
 * goes on with it. The details travel in a field of gRPC's that providers in Go fill in by themselves.
 */
export function unhealthy({ outputs, inputs }: Thing, reason: string): grpc.ServiceError {
  const detail = new messages.ErrorResourceInitFailed()
    .setId(outputs.id)
    .setProperties(struct.Struct.fromJavaScript(outputs as never))
    .setInputs(struct.Struct.fromJavaScript(inputs as never))
    .setReasonsList([reason]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new status.Status().setCode(grpc.status.UNKNOWN).setMessage(reason);
  // It returns what it adds.
  answer.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return Object.assign(new Error(reason), { code: grpc.status.UNKNOWN, details: reason, metadata });
}
