import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { answer, serve } from "../grpc.ts";
import { startAnalyzer } from "./analyzer.ts";

/* The engine starts a policy pack by the pack's language, so this one has a language of its own that runs nothing else. */

async function runPlugin(call: grpc.ServerWritableStream<unknown, unknown>): Promise<void> {
  // The engine reads the port from the plugin's first line.
  call.write(new messages.RunPluginResponse().setStdout(Buffer.from(`${await startAnalyzer()}\n`)));
}

const port = await serve(new grpc.Server(), services.LanguageRuntimeService, {
  handshake: answer(() => new messages.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("1.0.0")),
  getRequiredPackages: answer(() => new messages.GetRequiredPackagesResponse()),
  runPlugin,
  cancel: answer(() => new empty.Empty()),
});
console.log(port);
process.once("SIGINT", () => process.exit(0));
