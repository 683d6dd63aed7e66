import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Grpc from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";

/*
 * The language host as the engine uses it: started in a project's folder, asked over gRPC to run a program. The engine
 * and its resource monitor are stand-ins that agree to everything.
 */

const root = join(import.meta.dirname, "../..");
const host = join(root, "scripts/toolchain/language-host/pulumi-language-nodejs.mjs");
const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const grpc: typeof Grpc = require("@grpc/grpc-js");
const { LanguageRuntimeClient } = require("@pulumi/pulumi/proto/language_grpc_pb");
const language = require("@pulumi/pulumi/proto/language_pb");
const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb");
const resource = require("@pulumi/pulumi/proto/resource_pb");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const engine = require("@pulumi/pulumi/proto/engine_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

let project: string;
let server: Grpc.Server;
let engineAddress: string;
let child: ChildProcess;
const errors: string[] = [];

interface LogRequest {
  getSeverity(): number;
  getMessage(): string;
}
type Answer = (error: null, message: unknown) => void;
const always = (make: () => unknown) => (_: unknown, answer: Answer) => answer(null, make());

beforeEach(async () => {
  errors.length = 0;
  server = new grpc.Server();
  server.addService(ResourceMonitorService, {
    supportsFeature: always(() => new resource.SupportsFeatureResponse()),
    registerResource: always(() => new resource.RegisterResourceResponse().setUrn("urn:pulumi:s::p::t::n")),
    registerResourceOutputs: always(() => new Empty()),
    signalAndWaitForShutdown: always(() => new Empty()),
  });
  server.addService(EngineService, {
    log: (call: { request: LogRequest }, answer: Answer) => {
      if (call.request.getSeverity() === engine.LogSeverity.ERROR) errors.push(call.request.getMessage());
      answer(null, new Empty());
    },
    getRootResource: always(() => new engine.GetRootResourceResponse()),
    setRootResource: always(() => new engine.SetRootResourceResponse()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  engineAddress = `127.0.0.1:${port}`;
  project = mkdtempSync(join(tmpdir(), "hotspare-test-"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
});

afterEach(() => {
  child.kill("SIGKILL");
  server.forceShutdown();
  rmSync(project, { recursive: true, force: true });
});

/** Starts the host on a program and gives its client and a Run request for it. */
async function start(program: string) {
  writeFileSync(join(project, "index.ts"), program);
  child = spawn(process.execPath, [host, engineAddress], {
    cwd: project,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [port] = await once(child.stdout as NodeJS.ReadableStream, "data");
  const address = `127.0.0.1:${String(port).trim()}`;
  const client = new LanguageRuntimeClient(address, grpc.credentials.createInsecure());
  const info = new language.ProgramInfo().setRootDirectory(project).setProgramDirectory(project);
  info.setEntryPoint("index.ts").setOptions(Struct.fromJavaScript({ typescript: false }));
  const request = new language.RunRequest().setProject("p").setStack("s").setPwd(project).setInfo(info);
  request.setMonitorAddress(engineAddress).setParallel(4).setDryrun(true);
  request.getConfigMap().set("p:greeting", "hello");
  request.setConfigsecretkeysList(["p:greeting"]);
  return { call: (name: string, message: unknown) => ask(client, name, message), request };
}

interface RunAnswer {
  getError(): string;
  getBail(): boolean;
}

function ask(client: Record<string, unknown>, name: string, message: unknown): Promise<RunAnswer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, answer: RunAnswer) => (error ? reject(error) : resolve(answer));
    (client[name] as (message: unknown, done: unknown) => void).call(client, message, done);
  });
}

test("a TypeScript program gets its configuration, and a clean end is an empty answer", async () => {
  const { call, request } = await start(`
    import { writeFileSync } from "node:fs";
    import * as pulumi from "@pulumi/pulumi";
    const told: unknown[] = [pulumi.getProject(), pulumi.getStack(), pulumi.runtime.isDryRun()];
    told.push(new pulumi.Config().require("greeting"), process.env.PULUMI_CONFIG_SECRET_KEYS);
    writeFileSync("told.json", JSON.stringify(told));
  `);
  const answer = await call("run", request);
  expect(errors).toEqual([]);
  expect([answer.getError(), answer.getBail()]).toEqual(["", false]);
  const told = JSON.parse(readFileSync(join(project, "told.json"), "utf8"));
  expect(told).toEqual(["p", "s", true, "hello", '["p:greeting"]']);
});

test("an error that the program has reported itself is not reported twice", async () => {
  const { call, request } = await start("throw new Error('no such stack');");
  const answer = await call("run", request);
  expect([answer.getError(), answer.getBail()]).toEqual(["", true]);
  expect(errors.join("")).toContain("no such stack");
});

test("any other exit code is an error with its number", async () => {
  const { call, request } = await start("process.exit(7);");
  expect((await call("run", request)).getError()).toBe("Program exited with non-zero exit code: 7");
});

test("cancelling interrupts the program", async () => {
  const { call, request } = await start(`
    import { writeFileSync } from "node:fs";
    writeFileSync("running", "");
    process.on("SIGINT", () => process.exit(130));
    await new Promise(() => setTimeout(() => {}, 60_000));
  `);
  const run = call("run", request);
  while (!isRunning()) await new Promise((resolve) => setTimeout(resolve, 20));
  await call("cancel", new Empty());
  expect((await run).getError()).toContain("130");
});

function isRunning(): boolean {
  try {
    readFileSync(join(project, "running"));
    return true;
  } catch {
    return false;
  }
}
