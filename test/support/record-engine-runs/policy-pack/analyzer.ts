import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { answer, serve } from "../grpc.ts";

/* A policy pack as the engine sees one, with two rules about the size of things. */

const policies = [
  { name: "no-forbidden-size", size: "forbidden", level: messages.EnforcementLevel.MANDATORY },
  { name: "no-doubtful-size", size: "doubtful", level: messages.EnforcementLevel.ADVISORY },
] as const;

function analyze(request: InstanceType<typeof messages.AnalyzeRequest>) {
  const size = request.getProperties()?.toJavaScript().size;
  const diagnostics = policies
    .filter((policy) => policy.size === size)
    .map((policy) =>
      new messages.AnalyzeDiagnostic()
        .setPolicyname(policy.name)
        .setPolicypackname("sizes")
        .setPolicypackversion("1.0.0")
        .setMessage(`size "${policy.size}" must not be`)
        .setEnforcementlevel(policy.level)
        .setUrn(request.getUrn()),
    );
  return new messages.AnalyzeResponse().setDiagnosticsList(diagnostics);
}

function information() {
  const list = policies.map(({ name, level }) =>
    new messages.PolicyInfo().setName(name).setDescription(name).setEnforcementlevel(level),
  );
  return new messages.AnalyzerInfo().setName("sizes").setVersion("1.0.0").setPoliciesList(list);
}

/** @returns the port that the engine finds it on */
export function startAnalyzer(): Promise<number> {
  return serve(new grpc.Server(), services.AnalyzerService, {
    handshake: answer(() => new messages.AnalyzerHandshakeResponse()),
    configureStack: answer(() => new messages.AnalyzerStackConfigureResponse()),
    configure: answer(() => new empty.Empty()),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion("1.0.0")),
    getAnalyzerInfo: answer(information),
    analyze: answer(analyze),
    analyzeStack: answer(() => new messages.AnalyzeResponse()),
    remediate: answer(() => new messages.RemediateResponse()),
    cancel: answer(() => new empty.Empty()),
  });
}
